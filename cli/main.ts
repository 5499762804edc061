#!/usr/bin/env node
// The command `bearerkit`. Exit code 0: nothing to mend; 1: something is; 2: it was called wrongly.
import { doctor } from './doctor.ts';
import { readOptions, USAGE, UsageError } from './options.ts';
import { readInput } from './session.ts';

async function main(args: readonly string[]): Promise<number> {
  if (args.length === 0 || args.includes('--help') || args.includes('-h')) {
    console.log(USAGE);
    return args.length === 0 ? 2 : 0;
  }
  try {
    const options = readOptions(args);
    const report = await doctor(options, await readInput(options));
    console.log(options.json ? report.asJson() : report.asText());
    return report.isGood() ? 0 : 1;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`bearerkit: ${error.message}\nbearerkit --help says more.`);
    return 2;
  }
}

process.exitCode = await main(process.argv.slice(2));
