// The package of that name is node-fetch 2, beside node-fetch 3.
declare module 'node-fetch2' {
  export { default, Request } from 'node-fetch';
}
