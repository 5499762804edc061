import type { AuthClient } from 'bearerkit';

export interface UploadOptions {
  onProgress?: (sent: number, total: number) => void;
  signal?: AbortSignal;
}

/** Uploads with progress, which fetch cannot tell. The URL gets the token: it has to be your API's. */
export async function upload(
  auth: AuthClient,
  url: string,
  body: XMLHttpRequestBodyInit,
  options: UploadOptions = {},
): Promise<XMLHttpRequest> {
  const token = await auth.getAccessToken(); // refreshed if it has expired
  const answer = await send(url, body, token, options);
  if (answer.status !== 401 || token === null) return answer;
  // Null, or an error: there is no other token, and the 401 is the answer.
  const another = await auth.getAccessToken({ refused: token }).catch(() => null);
  return another === null ? answer : send(url, body, another, options);
}

function send(
  url: string,
  body: XMLHttpRequestBodyInit,
  token: string | null,
  { onProgress, signal }: UploadOptions,
): Promise<XMLHttpRequest> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const request = new XMLHttpRequest();
    request.open('POST', url);
    if (token !== null) request.setRequestHeader('Authorization', `Bearer ${token}`);
    request.upload.onprogress = ({ loaded, total }) => onProgress?.(loaded, total);
    const abort = (): void => request.abort();
    signal?.addEventListener('abort', abort);
    request.onload = () => resolve(request);
    request.onerror = () => reject(new TypeError('The upload failed.'));
    request.onabort = () => reject(signal?.reason as Error);
    request.onloadend = () => signal?.removeEventListener('abort', abort);
    request.send(body);
  });
}
