// UTF-8, also where there is no TextEncoder (jsdom as Jest has it) or no TextDecoder (Hermes): looked for
// when first used, since an import does nothing.

interface Encoder {
  encode(text: string): Uint8Array;
  encodeInto(text: string, into: Uint8Array): { read: number; written: number };
}

interface Decoder {
  decode(bytes: Uint8Array): string;
}

let encoder: Encoder | undefined;
let decoder: Decoder | undefined;

/** As TextEncoder. */
export function encode(text: string): Uint8Array {
  return theEncoder().encode(text);
}

/** As TextEncoder. */
export function encodeInto(text: string, into: Uint8Array): { read: number; written: number } {
  return theEncoder().encodeInto(text, into);
}

/** Of bytes that are UTF-8 for sure. A byte order mark is a character like others. */
export function decode(bytes: Uint8Array): string {
  decoder ??= newDecoder(false);
  return decoder.decode(bytes);
}

/** `fatal`: its `decode` throws for what is no UTF-8. */
export function newDecoder(fatal: boolean): Decoder {
  return typeof TextDecoder === 'function'
    ? new TextDecoder('utf-8', { fatal, ignoreBOM: true })
    : { decode: decodeByUri };
}

function theEncoder(): Encoder {
  return (encoder ??=
    typeof TextEncoder === 'function'
      ? new TextEncoder()
      : { encode: encodeByUri, encodeInto: copyInto });
}

// What is no UTF-8 throws a URIError (ECMA-262, Decode).
function decodeByUri(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += `%${byte.toString(16).padStart(2, '0')}`;
  return decodeURIComponent(text);
}

// Half of a surrogate pair becomes the replacement character, as with TextEncoder.
function encodeByUri(text: string): Uint8Array {
  const escaped = encodeURIComponent(text.replace(/[\ud800-\udfff]/gu, '\ufffd'));
  const bytes = escaped.match(/%..|[^]/g) ?? [];
  return Uint8Array.from(bytes, (byte) =>
    byte.length > 1 ? parseInt(byte.slice(1), 16) : byte.charCodeAt(0),
  );
}

// All of it, or nothing: whoever asks wants to know whether all of it has room.
function copyInto(text: string, into: Uint8Array): { read: number; written: number } {
  const bytes = encodeByUri(text);
  if (bytes.length > into.length) return { read: 0, written: 0 };
  into.set(bytes);
  return { read: text.length, written: bytes.length };
}
