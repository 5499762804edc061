// The codes of errors: the core counts them, js/errors.ts and js/jwt_error.ts have the sentences.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ERROR_CODES } from '#generated/abi';

import { AuthError, authErrorCode, jwtErrorCode } from '../../js/errors.ts';
import { JwtError } from '../../js/jwt_error.ts';

test('each number of the core is one code, of a JwtError or of an AuthError', () => {
  for (const [number, name] of ERROR_CODES.entries()) {
    const codes = [authErrorCode(number), jwtErrorCode(number)].filter(
      (code) => code !== undefined,
    );
    assert.deepEqual(codes, name === 'none' ? [] : [name]);
  }
  assert.equal(authErrorCode(ERROR_CODES.length), undefined);
});

test('H1 each message is a sentence on what happened and one on what to do', () => {
  for (const number of ERROR_CODES.keys()) {
    const auth = authErrorCode(number);
    const jwt = jwtErrorCode(number);
    const message =
      (auth && new AuthError(auth).message) ?? (jwt && new JwtError(jwt).message) ?? 'A. B.';
    assert.match(message, /^[A-Z][^]*[.] [A-Z][^]*\.$/);
  }
});

test('H1 an error about an option says its name, and no sentence that fits every option', () => {
  const { message } = new AuthError('invalid_config', {
    option: 'leeway must be a number. It is a string',
  });
  assert.equal(message, 'leeway must be a number. It is a string.');
});
