// /api while somebody floods the login: ninety bad logins at once, again and again, beside quiet.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { callApi, logIn, postJson } from '../../server/support/requests.ts';
import { startGroup } from './group.ts';

const BAD_LOGINS = 90;

export interface FloodEffort {
  readonly calls: number;
}

/** A table in Markdown: the median and the slowest call of /api, in quiet and during a flood. */
export async function measureFlood({ calls }: FloodEffort): Promise<string> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bearerkit-bench-'));
  // The limits are out of the way: what remains is the bound on hashing.
  const env = { DATA_DIR: folder, ACCESS_LOG: 'off', LOGIN_ATTEMPTS_PER_MINUTE: '100000' };
  const server = await startGroup(1, env);
  try {
    const [origin = ''] = server.origins;
    const { accessToken } = await logIn(origin);
    const time = async (): Promise<number> => {
      const begin = performance.now();
      const response = await callApi(origin, accessToken);
      if (response.status !== 200) throw new Error(`/api gave ${response.status}`);
      await response.text();
      return performance.now() - begin;
    };
    const many = async (): Promise<number[]> => {
      const times: number[] = [];
      for (let i = 0; i < calls; i++) times.push(await time());
      return times.sort((a, b) => a - b);
    };
    await many();
    const quiet = await many();

    const statuses = new Map<number, number>();
    const end = new AbortController();
    const flood = (async () => {
      while (!end.signal.aborted) {
        const logins = Array.from({ length: BAD_LOGINS }, (_, i) =>
          postJson(`${origin}/auth/login`, { email: `nobody${i}@example.com`, password: 'wrong' }),
        );
        for (const response of await Promise.all(logins)) {
          await response.text();
          statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
        }
      }
    })();
    const flooded = await many();
    end.abort();
    await flood;
    return tableOf({ quiet, [`${BAD_LOGINS} bad logins at once`]: flooded }, statuses);
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function tableOf(
  rows: Readonly<Record<string, readonly number[]>>,
  statuses: ReadonlyMap<number, number>,
): string {
  const ms = (value: number | undefined) => `${(value ?? NaN).toFixed(1)} ms`;
  const lines = Object.entries(rows).map(
    ([name, times]) =>
      `| ${name} | ${ms(times[Math.floor(times.length / 2)])} | ${ms(times.at(-1))} |`,
  );
  const answers = [...statuses].map(([status, count]) => `${count} × ${status}`).join(', ');
  return [
    '| /api during | median | slowest |',
    '| --- | --- | --- |',
    ...lines,
    `\nThe logins were answered: ${answers}.`,
  ].join('\n');
}
