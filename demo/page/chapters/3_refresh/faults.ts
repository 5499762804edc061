// Faults to switch on. The server makes them: what the page sees is what an app would see.
import { el } from '../../parts/dom.ts';
import { clearFaults, setFaults } from '../../session/demo_api.ts';

const OUTAGE_MS = 3000;

const FAULTS = {
  none: { name: 'None', faults: null, lastsMs: 0 },
  slow: {
    name: 'The API is slow: 1 s',
    faults: { api: 'none', delayMs: 1000, times: 1_000_000 },
    lastsMs: 0,
  },
  unavailable: {
    name: 'The refresh answers 503, for 3 s',
    faults: { refresh: '503', times: 1_000_000 },
    lastsMs: OUTAGE_MS,
  },
  lost: {
    name: 'Answers to refreshes are lost, for 1 s',
    // Not once: a browser sends again by itself what a kept connection has lost.
    faults: { refresh: 'drop_after', times: 1_000_000 },
    lastsMs: 1000,
  },
  offline: {
    name: 'Offline: all connections are cut, for 3 s',
    faults: { api: 'drop', refresh: 'drop', times: 1_000_000 },
    lastsMs: OUTAGE_MS,
  },
} as const;

type Fault = keyof typeof FAULTS;

export interface FaultChoice {
  readonly element: HTMLElement;
  /** Makes the chosen fault happen. Resolves when it has begun; what it gives ends it in its time. */
  begin(): Promise<{ readonly over: () => Promise<void> }>;
}

export function faultChoice(): FaultChoice {
  const select = el(
    'select',
    { id: 'fault' },
    ...Object.entries(FAULTS).map(([id, { name }]) => el('option', { value: id }, name)),
  );
  return {
    element: el('div', {}, el('label', { for: 'fault' }, 'Fault'), select),
    begin: async () => {
      const { faults, lastsMs } = FAULTS[select.value as Fault];
      await clearFaults();
      if (faults !== null) await setFaults(faults);
      const ends = new Promise<void>((resolve) => setTimeout(resolve, lastsMs));
      return {
        over: async () => {
          await ends;
          await clearFaults();
        },
      };
    },
  };
}
