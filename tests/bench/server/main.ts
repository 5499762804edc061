// npm run bench -- server [--quick]: the reference server, with one, two and four processes on one PostgreSQL.
import os from 'node:os';
import { compareServers } from './compare.ts';

const quick = process.argv.includes('--quick');
const effort = {
  processes: [1, 2, 4],
  users: 24,
  rounds: quick ? 3 : 11,
  milliseconds: quick ? 700 : 2000,
};
console.log(await compareServers(effort));
console.log(
  `\nThe database, the servers and who asks them share ${os.cpus().length} cores. The database does not wait for the disk.`,
);
