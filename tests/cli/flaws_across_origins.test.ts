// H2: flaws of CORS that the doctor finds.
import { testFlaws } from './support/flawed.ts';

testFlaws([
  {
    name: 'no exposed headers',
    flaw: { exposed: '' },
    finds: ['exposed: warning', 'exposed: warning'],
  },
  {
    name: 'no Date exposed',
    flaw: { exposed: 'WWW-Authenticate, Retry-After' },
    finds: ['exposed: warning'],
  },
  {
    name: 'a preflight that wants a token',
    flaw: { preflight: 401 },
    finds: ['preflight: error', 'preflight: error'],
  },
  {
    name: 'Authorization not among the allowed headers',
    flaw: { allowHeaders: 'Content-Type' },
    finds: ['preflight: error'],
  },
  {
    name: 'all headers allowed by *',
    flaw: { allowHeaders: '*' },
    finds: ['preflight: error'],
  },
  {
    name: 'no CORS headers with errors',
    flaw: { corsOnErrors: false },
    finds: ['readable: error', 'readable: error'],
  },
  {
    name: 'another origin allowed',
    flaw: { allowOrigin: 'https://other.example.com' },
    finds: ['preflight: error', 'preflight: error', 'readable: error', 'readable: error'],
  },
  {
    name: 'all origins allowed by *, with cookies',
    mode: 'hybrid',
    flaw: { allowOrigin: '*' },
    finds: ['preflight: error', 'readable: error'],
  },
  {
    name: 'cookies not allowed',
    mode: 'cookie',
    flaw: { allowCredentials: 'false' },
    finds: ['preflight: error', 'preflight: error', 'readable: error', 'readable: error'],
  },
  {
    name: 'any origin allowed, with cookies',
    mode: 'hybrid',
    flaw: { alsoAllows: () => true },
    finds: ['any_origin: warning', 'any_origin: error'],
  },
  {
    name: 'any origin allowed, with cookies',
    mode: 'cookie',
    flaw: { alsoAllows: () => true },
    finds: ['any_origin: error', 'any_origin: error'],
  },
  {
    name: 'any origin allowed, with cookies that nobody needs',
    flaw: { alsoAllows: () => true },
    finds: ['any_origin: warning', 'any_origin: warning'],
  },
  {
    name: 'the origin null allowed',
    mode: 'cookie',
    flaw: { alsoAllows: (origin) => origin === 'null' },
    finds: ['any_origin: error', 'any_origin: error'],
  },
  {
    name: 'origins compared by their beginning',
    mode: 'cookie',
    flaw: { alsoAllows: (origin) => origin.startsWith('http://127.0.0.1') },
    finds: ['any_origin: error', 'any_origin: error'],
  },
  {
    name: 'origins compared by their end',
    flaw: {
      allowOrigin: 'https://app.example.com',
      alsoAllows: (origin) => origin.endsWith('example.com'),
    },
    page: 'https://app.example.com',
    finds: ['any_origin: warning', 'any_origin: warning'],
  },
]);
