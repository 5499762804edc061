// An answer of the API, for reading.

export async function describeAnswer(response: Response): Promise<string> {
  const line = `${response.status} ${response.statusText}`.trim();
  const text = await response.text();
  const type = response.headers.get('Content-Type') ?? '';
  if (!type.includes('json')) return `${line}\n${text}`;
  const body: unknown = JSON.parse(text);
  const echoed = isRecord(body) ? describeUpload(body) : undefined;
  return `${line}\n${echoed ?? JSON.stringify(body, null, 2)}`;
}

/** A form that came back as it was sent: how much, what kind, and each of its fields. */
function describeUpload(echo: Record<string, unknown>): string | undefined {
  const { contentType, length, sha256, text } = echo;
  if (typeof contentType !== 'string' || typeof text !== 'string') return undefined;
  const boundary = /^multipart\/form-data;.*boundary=(.+)$/.exec(contentType)?.[1];
  if (boundary === undefined) return undefined;
  const fields = text.split(`--${boundary}`).flatMap((part) => {
    const [head = '', ...content] = part.split('\r\n\r\n');
    const name = /name="([^"]*)"/.exec(head)?.[1];
    const file = /filename="([^"]*)"/.exec(head)?.[1];
    if (name === undefined) return [];
    return [
      `  ${name}${file === undefined ? '' : ` (file ${file})`}: ${content.join('\r\n\r\n').trim()}`,
    ];
  });
  const hash = typeof sha256 === 'string' ? `, SHA-256 ${sha256.slice(0, 12)}…` : '';
  return [`The server received a form of ${String(length)} bytes${hash}`, ...fields].join('\n');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
