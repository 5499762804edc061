// npm run user -- add EMAIL [--name NAME] [--admin] | password EMAIL | list | unban EMAIL
// npm run keys -- rotate [--at-once]
// A password is read from the standard input: on the command line everybody could see it.
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { setPassword } from './account.ts';
import { DataDirInUseError } from './data_dir_lock.ts';
import { type Database, openDatabase } from './database.ts';
import { rotateKeys } from './key_ring.ts';
import { loadKeys } from './keys.ts';
import { hashPassword } from './passwords.ts';
import { projectDir } from './project_dir.ts';
import { unbanUser } from './revocation.ts';
import { newPassword } from './routes/bodies.ts';
import { readSettings, type Settings, SettingsError } from './settings.ts';
import { addUser, listUsers, normalizeEmail } from './users.ts';

/** What a wrong call, or a user who is not there, is told. */
class CommandError extends Error {}

const USAGE = `npm run user -- add EMAIL [--name NAME] [--admin]   the password comes from the standard input
npm run user -- password EMAIL                       the same; ends all sessions
npm run user -- list
npm run user -- unban EMAIL
npm run keys -- rotate [--at-once]                   --at-once: a key was stolen, refuse what it signed`;

try {
  await run(process.argv.slice(2));
} catch (error) {
  console.error(explain(error));
  process.exitCode = 1;
}

async function run(args: string[]): Promise<void> {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      name: { type: 'string' },
      admin: { type: 'boolean', default: false },
      'at-once': { type: 'boolean', default: false },
    },
  });
  const [what, action, email, ...rest] = positionals;
  const command = `${what ?? ''} ${action ?? ''}`;
  const takesEmail = ['user add', 'user password', 'user unban'].includes(command);
  const known = takesEmail || command === 'user list' || command === 'keys rotate';
  if (!known || rest.length > 0 || takesEmail !== (email !== undefined))
    throw new CommandError(USAGE);

  const password = /add|password/.test(action ?? '') ? await readPassword() : '';
  const settings = readSettings(process.env, projectDir());
  const database = await openDatabase(settings);
  try {
    const call = { command, email: normalizeEmail(email ?? ''), password, values };
    console.log(await carryOut(settings, database, call));
  } finally {
    await database.close();
  }
}

interface Call {
  /** `user add` and the like. */
  readonly command: string;
  readonly email: string;
  readonly password: string;
  readonly values: {
    readonly name?: string | undefined;
    readonly admin: boolean;
    readonly 'at-once': boolean;
  };
}

/** @returns what to say */
async function carryOut(
  settings: Settings,
  database: Database,
  { command, email, password, values }: Call,
): Promise<string> {
  switch (command) {
    case 'user add': {
      const role = values.admin ? 'admin' : 'user';
      const id = await addUser(database, { email, name: values.name ?? email, role }, password);
      if (id === undefined) throw new CommandError(`There is a user ${email} already`);
      return `${id} ${email} (${role})`;
    }
    case 'user password': {
      const [id, hash] = [await idOf(database, email), await hashPassword(password)];
      const ended = await setPassword(database, id, hash, Date.now());
      return `${email}: a new password, and ${ended} sessions ended`;
    }
    case 'user unban':
      await unbanUser(database, await idOf(database, email));
      return `${email} may sign in again`;
    case 'user list': {
      const users = await listUsers(database);
      return users
        .map(({ id, email, role, banned }) => `${id} ${email} (${role}${banned ? ', banned' : ''})`)
        .join('\n');
    }
    default: {
      const { signingKeySeal } = loadKeys(settings);
      const atOnce = values['at-once'];
      const { jwtAlgorithm } = settings;
      const kid = await rotateKeys(database, signingKeySeal, jwtAlgorithm, Date.now(), atOnce);
      return atOnce
        ? `${kid} signs now; every process refuses the old keys within 30 seconds`
        : `${kid} signs in a minute; the old keys verify for one more day`;
    }
  }
}

async function idOf(database: Database, email: string): Promise<string> {
  const [row] = await database.query<{ id: string }>('select id from users where email = $1', [
    email,
  ]);
  if (row === undefined) throw new CommandError(`There is no user ${email}`);
  return row.id;
}

async function readPassword(): Promise<string> {
  if (process.stdin.isTTY) console.error('The password, then Enter and Ctrl-D:');
  const given = newPassword.safeParse((await text(process.stdin)).replace(/\r?\n$/, ''));
  if (!given.success) throw new CommandError('A password has from 8 to 1024 characters');
  return given.data;
}

function explain(error: unknown): string {
  if (error instanceof CommandError || error instanceof SettingsError) return error.message;
  if (error instanceof DataDirInUseError) return error.message;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  // What parseArgs says of options that there are not.
  if (code.startsWith('ERR_PARSE_ARGS')) return USAGE;
  return `It did not work (${error instanceof Error ? `${error.name} ${code}`.trim() : 'unknown error'})`;
}
