// What a value is, seen by its shape: it may come from another frame, realm or library.

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Whether it has a function of this name. */
export function hasMethod<Name extends string>(
  value: unknown,
  name: Name,
): value is Record<Name, (...values: never[]) => unknown> {
  return typeof (value as Partial<Record<Name, unknown>> | null | undefined)?.[name] === 'function';
}

/** What `call` gives; undefined when it throws. */
export function attempt<T>(call: () => T): T | undefined {
  try {
    return call();
  } catch {
    return undefined;
  }
}

export function nothing(): void {}

/** What a function of the app throws is the app's: reported like any uncaught error, and no more. */
export function report(error: unknown): void {
  if (typeof reportError === 'function') reportError(error);
  else console.error(error);
}

/** The names of the bits that are set. */
export function namesOf<Name extends string>(flags: Record<Name, number>, bits: number): Name[] {
  return (Object.keys(flags) as Name[]).filter((name) => (bits & flags[name]) !== 0);
}

export type Members = Readonly<Record<string, unknown>>;

/** An object as plain data, and its text. Empty: it is no object, or cannot be written as JSON. */
export interface JsonObject {
  json: string;
  members: Members;
}

/**
 * Its JSON, if it has one: empty for what has none. What hinders an object, such as a member that holds
 * itself, is left out: tokens are not thrown away for what stands beside them (R4).
 */
export function toJson(value: unknown): string {
  const write = (what: unknown): string => attempt(() => JSON.stringify(what)) ?? '';
  const good = (members: object): object =>
    Object.fromEntries(Object.entries(members).filter(([, member]) => write(member) !== ''));
  return write(value) || (isObject(value) ? write(attempt(() => good(value))) : '');
}

export function asJson(value: unknown): JsonObject {
  const json = isObject(value) ? toJson(value) : '';
  const members: unknown = json === '' ? undefined : JSON.parse(json);
  return isObject(members) ? { json, members: members as Members } : { json, members: {} };
}
