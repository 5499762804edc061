import { after, before, describe, test } from 'node:test';
import { SEED } from '../js/support/random.ts';
import { startDemoServer } from './support/demo_server.ts';
import { type Kill, planKills } from './support/kill_plan.ts';
import { KillRound, type Outcome, type Stage } from './support/kill_round.ts';
import { MortalBrowser } from './support/mortal_browser.ts';
import { HoldingProxy } from './support/proxy.ts';

/** `npm run test:kills` runs more of them. */
const KILLS = Number(process.env['BEARERKIT_KILLS'] ?? 8);

const RULES = { bearer: 'R7', cookie: 'C1', hybrid: 'C4' } as const;

/** Longer than a browser takes to start, on a busy machine too. */
const GRACE_SECONDS = 60;

async function openStage(graceSeconds: number): Promise<Stage> {
  const server = await startDemoServer({ REFRESH_GRACE_SECONDS: String(graceSeconds) });
  // TLS and HTTP/2, and an answer that comes when it is let go.
  return { server, proxy: await HoldingProxy.start(server.origin) };
}

async function close({ server, proxy }: Stage): Promise<void> {
  await proxy.stop();
  await server.stop();
}

describe('killed in the middle of a refresh', () => {
  const browser = new MortalBrowser();
  const outcomes: [Kill, Outcome][] = [];
  let stages: { grace: Stage; none: Stage };
  before(async () => {
    const [grace, none] = await Promise.all([openStage(GRACE_SECONDS), openStage(0)]);
    stages = { grace, none };
  });
  after(async () => {
    await browser.dispose();
    await Promise.all(Object.values(stages).map(close));
    console.log(summary(outcomes));
  });

  for (const kill of planKills(SEED, KILLS)) {
    const { number, how, point, mode, grace } = kill;
    const rules = `X2 ${grace ? 'R8' : 'R6'} ${RULES[mode]}`;
    const setting = `${mode}, ${grace ? 'grace' : 'no grace'}`;
    test(`${rules} kill ${number}: ${how} ${point} (${setting})`, async (t) => {
      const stage = grace ? stages.grace : stages.none;
      const outcome = await new KillRound(kill, browser, stage).run();
      outcomes.push([kill, outcome]);
      t.diagnostic(JSON.stringify(outcome));
    });
  }
});

function summary(outcomes: readonly [Kill, Outcome][]): string {
  const lost = (grace: boolean): string => {
    const those = outcomes.filter(([kill]) => kill.grace === grace);
    return `${those.filter(([, outcome]) => outcome.lost).length} of ${those.length}`;
  };
  const slowest = Math.max(0, ...outcomes.map(([, { recoveryMs }]) => recoveryMs));
  return (
    `kills: seed ${SEED}; sessions lost with a grace window: ${lost(true)}, with none: ${lost(false)};` +
    ` slowest recovery ${(slowest / 1000).toFixed(1)} s`
  );
}
