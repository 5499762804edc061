import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Database, openPostgres } from '../../demo/server/database.ts';
import { type Postgres, startPostgres } from './support/postgres.ts';
import { type ServerProcess, startProcess, temporaryFolder } from './support/process.ts';
import {
  ADA,
  assertRefused,
  callApi,
  claimsOf,
  GRACE,
  jsonOf,
  logIn,
  postJson,
  refresh,
  refreshed,
  tokensOf,
} from './support/requests.ts';

const PARALLEL = 20;

/** Two real processes on one PostgreSQL, and the database itself to look into. */
function onTwoProcesses(
  title: string,
  env: Record<string, string>,
  suite: (get: () => Two) => void,
): void {
  describe(title, () => {
    const data = temporaryFolder();
    let postgres: Postgres | undefined;
    let database: Database | undefined;
    let servers: ServerProcess[] = [];
    before(async () => {
      postgres = await startPostgres();
      database = await openPostgres(postgres.url);
      // Both at once, on an empty database and without a key: the schema, the demo accounts and
      // the kept secret have to come out once and the same for both.
      const settings = {
        DATABASE_URL: postgres.url,
        DATA_DIR: data.folder,
        LOGIN_ATTEMPTS_PER_MINUTE: '1000',
        ...env,
      };
      servers = await Promise.all([startProcess(settings), startProcess(settings)]);
    });
    after(async () => {
      await Promise.all(servers.map((server) => server.stop()));
      await database?.close();
      await postgres?.stop();
      data.remove();
    });
    suite(() => {
      const [a, b] = servers;
      assert.ok(a !== undefined && b !== undefined && database !== undefined);
      return { a: a.origin, b: b.origin, database };
    });
  });
}

interface Two {
  readonly a: string;
  readonly b: string;
  readonly database: Database;
}

/** The same token to both processes in turn, all at once. */
function inParallel({ a, b }: Two, refreshToken: string): Promise<Response[]> {
  return Promise.all(
    Array.from({ length: PARALLEL }, (_, index) => refresh(index % 2 === 0 ? a : b, refreshToken)),
  );
}

async function stateOf(
  { database }: Two,
  accessToken: string,
): Promise<{ generations: number; revoked: boolean }> {
  const [row] = await database.query<{ generations: number; revoked: boolean }>(
    `select (select count(*)::integer from refresh_tokens where family_id = f.id) as generations,
            f.revoked_at is not null as revoked
       from refresh_families f where f.id = $1`,
    [String(claimsOf(accessToken)['sid'])],
  );
  assert.ok(row !== undefined);
  return row;
}

onTwoProcesses('V3 two processes, one database', { REFRESH_GRACE_SECONDS: '10' }, (get) => {
  test('V1 what one process issues, the other accepts', async () => {
    const { a, b } = get();
    const tokens = await logIn(a);
    assert.equal((await callApi(b, tokens.accessToken)).status, 200);
    await refreshed(a, (await refreshed(b, tokens.refreshToken)).refreshToken);
  });

  test('V3 20 parallel refreshes of one token over both give one lineage', async () => {
    const two = get();
    for (let round = 0; round < 5; round += 1) {
      const first = await logIn(two.a);
      const answers = await inParallel(two, first.refreshToken);
      assert.deepEqual(
        answers.map(({ status }) => status),
        Array.from({ length: PARALLEL }, () => 200),
      );
      const tokens = await Promise.all(
        answers.map(async (answer) => tokensOf(await jsonOf(answer))),
      );
      const successors = new Set(tokens.map(({ refreshToken }) => refreshToken));
      assert.equal(successors.size, 1);
      assert.deepEqual(await stateOf(two, first.accessToken), { generations: 2, revoked: false });
      const [successor = ''] = successors;
      const next = await refreshed(two.b, successor);
      assert.equal((await callApi(two.a, next.accessToken)).status, 200);
    }
  });

  test('V3 a logout amid parallel refreshes wins over all of them', async () => {
    const two = get();
    const first = await logIn(two.a);
    const racing = inParallel(two, first.refreshToken);
    const logout = await postJson(`${two.b}/auth/logout`, { refreshToken: first.refreshToken });
    assert.equal(logout.status, 204);
    for (const answer of await racing) {
      assert.ok(answer.status === 200 || answer.status === 401);
      if (answer.status !== 200) continue;
      const tokens = tokensOf(await jsonOf(answer));
      assert.equal((await callApi(two.a, tokens.accessToken)).status, 401);
      await assertRefused(two.a, tokens.refreshToken);
    }
    assert.equal((await stateOf(two, first.accessToken)).revoked, true);
  });

  test('V4 a ban amid logins and refreshes leaves no live session', async () => {
    const two = get();
    const first = await logIn(two.a);
    const grace = await logIn(two.a, GRACE);
    const id = String(claimsOf(first.accessToken)['sub']);
    const act = (action: string) =>
      postJson(
        `${two.b}/admin/users/${id}/${action}`,
        {},
        { Authorization: `Bearer ${grace.accessToken}` },
      );

    const racing = Promise.all([
      ...Array.from({ length: 6 }, (_, index) =>
        postJson(`${index % 2 ? two.a : two.b}/auth/login`, ADA),
      ),
      inParallel(two, first.refreshToken),
    ]);
    // Amid the logins: each takes a fifth of a second over its password.
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal((await act('ban')).status, 204);
    for (const answer of (await racing).flat()) {
      if (answer.status !== 200) continue;
      const tokens = tokensOf(await jsonOf(answer));
      assert.equal((await callApi(two.a, tokens.accessToken)).status, 401);
      await assertRefused(two.b, tokens.refreshToken);
    }
    const alive = await two.database.query(
      'select id from refresh_families where user_id = $1 and revoked_at is null',
      [id],
    );
    assert.equal(alive.length, 0);
    assert.equal((await act('unban')).status, 204);
    await logIn(two.a);
  });
});

onTwoProcesses('V3 two processes, grace 0', { REFRESH_GRACE_SECONDS: '0' }, (get) => {
  test('V3 of 20 parallel refreshes exactly one rotates, and the others reveal the replay', async () => {
    const two = get();
    const first = await logIn(two.a);
    const answers = await inParallel(two, first.refreshToken);
    const statuses = answers.map(({ status }) => status).sort();
    assert.deepEqual(statuses, [200, ...Array.from({ length: PARALLEL - 1 }, () => 401)]);
    assert.deepEqual(await stateOf(two, first.accessToken), { generations: 2, revoked: true });
  });
});

onTwoProcesses('V3 two processes, grace 60 s', { REFRESH_GRACE_SECONDS: '60' }, (get) => {
  test('V3 a rotated token replayed at the other process outside the grace revokes at both', async () => {
    const { a, b, database } = get();
    const first = await logIn(a);
    const second = await refreshed(a, first.refreshToken);
    assert.equal((await refreshed(b, first.refreshToken)).refreshToken, second.refreshToken);
    // A minute passes, and each process has the clock of the machine: so the rotation moves.
    await database.query(
      `update refresh_families set rotated_at = rotated_at - interval '61 seconds'`,
    );
    await database.query(`update refresh_tokens set issued_at = issued_at - interval '61 seconds'`);
    await assertRefused(b, first.refreshToken);
    await assertRefused(a, second.refreshToken);
    for (const origin of [a, b])
      assert.equal((await callApi(origin, second.accessToken)).status, 401);
  });
});
