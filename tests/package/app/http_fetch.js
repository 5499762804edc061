// To be preloaded: a fetch without WebAssembly, which Node's own is made of. As much of one as the
// app needs.
import { request } from 'node:http';

/** @type {(input: RequestInfo | URL, init?: RequestInit) => Promise<Response>} */
globalThis.fetch = async (input, init) => {
  const { url, method, headers, body } = new Request(input, init);
  const sent = request(url, { method, headers: Object.fromEntries(headers) });
  sent.end(new Uint8Array(await new Response(body).arrayBuffer()));
  /** @type {import('node:http').IncomingMessage} */
  const answer = await new Promise((resolve, reject) => {
    sent.on('response', resolve).on('error', reject);
  });
  const parts = /** @type {Uint8Array[]} */ (await answer.toArray());
  const { statusCode: status = 0, headers: fields } = answer;
  return new Response(status === 204 ? null : Buffer.concat(parts), {
    status,
    headers: { 'content-type': fields['content-type'] ?? '', date: fields.date ?? '' },
  });
};
