// What a row of the table does so many times.
import type { Fetcher, Subject } from '../subjects/subject.ts';
import type { RowId } from '../rows.ts';
import { makeStub, type Stub } from './stub.ts';
import { makeDots, makeToken, type TokenShape } from './tokens.ts';

/** Makes what is needed for `count` times, before the clock starts; gives what is to be measured. */
export type Task = (count: number) => () => void | Promise<void>;

const URL = 'https://api.example.com/items/1';
const AT_ONCE = 100;

let serial = 0;
/** What came out last. Kept, so that no engine leaves the work out. */
export let sink: unknown;

export async function taskOf(row: RowId, subject: Subject): Promise<Task> {
  switch (row) {
    case 'decode-1k':
      return tokens(subject.decode, { bytes: 1000, header: true });
    case 'decode-1k-header':
    case 'allocated':
      return tokens(subject.decode, { bytes: 1000 });
    case 'decode-8k':
      return tokens(subject.decode, { bytes: 8500 });
    case 'decode-utf8':
      return tokens(subject.decode, { bytes: 1000, utf8: true });
    case 'expired-1k':
      return tokens(subject.isExpired, { bytes: 1000 });
    case 'expired-8k':
      return tokens(subject.isExpired, { bytes: 8500 });
    case 'expired-same':
      return sameToken(subject.isExpired);
    case 'dots':
      return dots(subject.decode);
    case 'fetch-string':
      return calls(subject, () => [URL]);
    case 'fetch-init':
      return calls(subject, () => [URL, { method: 'POST', body: '{}' }]);
    case 'fetch-request':
      return calls(subject, () => [new Request(URL)]);
    case 'fetch-headers':
      return calls(subject, () => [URL, { headers: new Headers({ Accept: 'application/json' }) }]);
    case 'refused':
      return refused(subject);
  }
}

function tokens(
  use: ((token: string) => unknown) | undefined,
  shape: Omit<TokenShape, 'serial'>,
): Task {
  const run = present(use);
  return (count) => {
    const all = Array.from({ length: count }, () => makeToken({ ...shape, serial: ++serial }));
    return () => {
      for (const token of all) sink = run(token);
    };
  };
}

function sameToken(use: Subject['isExpired']): Task {
  const run = present(use);
  const token = makeToken({ bytes: 1000, serial: ++serial });
  return (count) => {
    return () => {
      for (let i = 0; i < count; i++) sink = run(token);
    };
  };
}

function dots(use: Subject['decode']): Task {
  const run = present(use);
  return (count) => {
    const all = Array.from({ length: count }, makeDots);
    return () => {
      for (const text of all) {
        try {
          sink = run(text);
        } catch (error) {
          sink = error;
        }
      }
    };
  };
}

async function calls(subject: Subject, make: () => Parameters<Fetcher>): Promise<Task> {
  const fetcher = await present(subject.fetcher)(makeStub(false));
  return (count) => {
    const all = Array.from({ length: count }, make);
    return async () => {
      for (const args of all) sink = await fetcher(...args);
    };
  };
}

/** Many calls at once, all refused: one refresh, and all are sent again. */
async function refused(subject: Subject): Promise<Task> {
  const stub = makeStub(true);
  const fetcher = await present(subject.fetcher)(stub);
  return (count) => {
    return async () => {
      for (let i = 0; i < count; i++) await refuseOnce(stub, fetcher);
    };
  };
}

async function refuseOnce(stub: Stub, fetcher: Fetcher): Promise<void> {
  stub.expire();
  const before = stub.refreshes();
  const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => fetcher(URL)));
  const statuses = new Set(answers.map((answer) => (answer as Response).status));
  const refreshes = stub.refreshes() - before;
  if (refreshes !== 1 || statuses.size !== 1 || !statuses.has(200)) {
    throw new Error(`${refreshes} refreshes, statuses ${[...statuses].join()}`);
  }
}

function present<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('The subject does not do this');
  return value;
}
