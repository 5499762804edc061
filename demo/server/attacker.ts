import express, { type Express } from 'express';

/** What it tries: each is a POST that a form can make. */
const TARGETS = ['/api/echo', '/cookie/refresh', '/cookie/logout', '/cookie/login'] as const;

const SCRIPT = `document.forms[new URLSearchParams(location.search).get('send')]?.submit();\n`;

/**
 * In demo mode: a site that means no good. It is on a port of its own and goes by the machine's other
 * name (127.0.0.1 for a page on localhost), so that to a browser it is another site. Its page has a
 * form for each target; `/?send=/cookie/logout` sends that one at once.
 */
export function createAttacker(victimPort: number): Express {
  const app = express();
  app.disable('x-powered-by');
  app.get('/', (request, response) => {
    const name = request.hostname === 'localhost' ? '127.0.0.1' : 'localhost';
    response.type('html').send(pageAgainst(`http://${name}:${victimPort}`));
  });
  app.get('/send.js', (_request, response) => {
    response.type('js').send(SCRIPT);
  });
  return app;
}

function pageAgainst(victim: string): string {
  const forms = TARGETS.map(
    (target) => `
<form name="${target}" method="post" action="${victim}${target}">
  <input type="hidden" name="email" value="ada@example.com">
  <button>POST ${target}</button>
</form>`,
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>You have won</title>
<h1>You have won!</h1>
<p>This is another site. Each button sends a form to ${victim}, and the browser decides which cookies go with it.</p>
${forms.join('')}
<script src="/send.js"></script>
</html>
`;
}
