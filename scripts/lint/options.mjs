// The reference says of each option what it is without it, and shows it in use.
import { groupsOf, read } from '../lib/files.mjs';
import { CommandFailed, runMain } from '../lib/run.mjs';

/**
 * The interfaces that an app fills in, by file.
 * @type {Readonly<Record<string, readonly string[]>>}
 */
const OPTIONS = {
  'js/types/options.ts': ['AuthClientOptions', 'FetchOptions', 'AccessTokenOptions', 'StaticCsrf'],
  'js/types/endpoints.ts': ['RefreshEndpoint', 'SignOutEndpoint'],
  'js/types/testing.ts': ['TestSettings'],
};

/**
 * The members of an interface, each with its comment.
 * @param {string} file
 * @param {string} name
 */
function membersOf(file, name) {
  const [body = ''] = groupsOf(
    read(file),
    new RegExp(`^export interface ${name}\\b.*\\{\n([^]*?)^\\}`, 'gm'),
  );
  return [
    ...body.matchAll(/^ {2}\/\*\*((?:(?!\*\/)[^])*)\*\/\n {2}(?:readonly )?(\w+)(\?)?/gm),
  ].map(([, comment = '', member = '', optional]) => ({ comment, member, optional }));
}

/**
 * @param {string} file
 * @param {string} name
 */
function missingIn(file, name) {
  const members = membersOf(file, name);
  if (members.length === 0) return [`${file}: ${name} has no options`];
  return members.flatMap(({ comment, member, optional }) => [
    ...(comment.includes('@example\n') ? [] : [`${file}: ${name}.${member} has no @example`]),
    ...(optional === undefined || comment.includes('@default ')
      ? []
      : [`${file}: ${name}.${member} has no @default`]),
  ]);
}

await runMain(import.meta, () => {
  const missing = Object.entries(OPTIONS).flatMap(([file, names]) =>
    names.flatMap((name) => missingIn(file, name)),
  );
  if (missing.length > 0) throw new CommandFailed(missing.join('\n'));
});
