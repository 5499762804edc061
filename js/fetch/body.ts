// Request bodies: which of them can be sent again (F2, F3), and copies of those that their owner
// may change meanwhile.
import { hasMethod, isObject } from '../values.ts';

/** A stream: read once, and gone. */
export function isOneShot(body: BodyInit | null | undefined): boolean {
  // An async iterable is a stream to Node's fetch; others make text of it, which is no loss. `pipe`: form-data.
  return (
    isObject(body) &&
    (hasMethod(body, 'getReader') || hasMethod(body, 'pipe') || Symbol.asyncIterator in body)
  );
}

/**
 * What stays the same whatever happens to `body`. Strings and Blobs do so anyway, and what is no
 * body at all becomes text in fetch.
 */
export function keepBody(body: BodyInit): BodyInit {
  if (typeof body === 'string') return body;
  if (ArrayBuffer.isView(body)) {
    // With the type left out: only the bytes are sent.
    return new Uint8Array(body.buffer, body.byteOffset, body.byteLength).slice();
  }
  // By the tag: a body may come from another frame, or from a library.
  switch (Object.prototype.toString.call(body)) {
    case '[object ArrayBuffer]':
      return (body as ArrayBuffer).slice(0);
    case '[object FormData]':
      return keepForm(body as FormData);
    case '[object URLSearchParams]':
      return new URLSearchParams(body as URLSearchParams);
    default:
      return body;
  }
}

// Of the same class, which fetch may insist on. Files never change.
function keepForm(form: FormData): FormData {
  const copy = new (form.constructor as typeof FormData)();
  for (const [name, value] of form) {
    if (typeof value === 'string') copy.append(name, value);
    else copy.append(name, value, value.name);
  }
  return copy;
}
