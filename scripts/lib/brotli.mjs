// How large a file is when it is downloaded.
import { brotliCompressSync, constants } from 'node:zlib';

/**
 * How many bytes it has by brotli at its best, as servers keep it ready.
 * @param {Uint8Array} bytes
 */
export function brotliSize(bytes) {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  return brotliCompressSync(bytes, { params }).length;
}
