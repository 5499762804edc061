/**
 * A function and its argument as an expression that any engine can evaluate. `__name` is a helper
 * that the tests' compiler calls in functions.
 */
export function expressionOf(run: (argument: never) => unknown, argument: unknown): string {
  const json = argument === undefined ? 'undefined' : JSON.stringify(argument);
  return `(async () => { const __name = (value) => value; return (${run.toString()})(${json}); })()`;
}
