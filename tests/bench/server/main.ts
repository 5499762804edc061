// npm run bench -- server [--quick] [--flood]: the reference server, with one, two and four processes on one
// PostgreSQL; with --flood, /api during a flood of bad logins instead.
import os from 'node:os';
import { compareServers } from './compare.ts';
import { measureFlood } from './flood.ts';

const quick = process.argv.includes('--quick');
const effort = {
  processes: [1, 2, 4],
  users: 24,
  rounds: quick ? 3 : 11,
  milliseconds: quick ? 700 : 2000,
};
const floods = process.argv.includes('--flood');
console.log(
  floods ? await measureFlood({ calls: quick ? 50 : 300 }) : await compareServers(effort),
);
console.log(
  `\nThe database, the servers and who asks them share ${os.cpus().length} cores. The database does not wait for the disk.`,
);
