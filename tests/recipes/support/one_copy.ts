// In an app there is one copy of a framework. Here the package stands outside of the recipes' folder:
// what it asks for is this folder's copy. Import it first.
import { register } from 'node:module';

const hook = `
  export function resolve(specifier, context, next) {
    const asks = /\\/dist\\/(react|vue)\\.js$/.test(context.parentURL ?? '');
    const parentURL = ${JSON.stringify(import.meta.url)};
    return next(specifier, asks && /^\\w/.test(specifier) ? { ...context, parentURL } : context);
  }`;
// eslint-disable-next-line @typescript-eslint/no-deprecated -- Node 20 has no registerHooks
register(`data:text/javascript,${encodeURIComponent(hook)}`);
