// What a test has got wrong.

/**
 * `bad_route`: not a method and a path. `bad_answer`: what a route gave is no answer. `bad_option`: a
 * setting that cannot be used. `signed_out`: nobody is signed in. `closed`: the test was closed.
 * `no_response`: the platform has no `Response`, which `fetch` answers with.
 */
export type TestAuthErrorCode =
  'bad_route' | 'bad_answer' | 'bad_option' | 'signed_out' | 'closed' | 'no_response';

/** A mistake in a test, not in what it tests. */
export class TestAuthError extends Error {
  /** Of the class. */
  override readonly name: string = 'TestAuthError';
  /** What is wrong, for programs. */
  readonly code: TestAuthErrorCode;

  constructor(code: TestAuthErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** @throws {TestAuthError} `bad_option` */
export function checkNumber(value: unknown, name: string, most = Infinity): number {
  if (typeof value === 'number' && value >= 0 && value <= most) return value;
  const range = most === Infinity ? '0 or more' : `from 0 to ${most}`;
  throw new TestAuthError(
    'bad_option',
    `${name} must be a number, ${range}. It is ${String(value)}.`,
  );
}
