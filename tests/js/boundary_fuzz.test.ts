// The WebAssembly boundary under random use: whatever is called with whatever, in any order, the
// module never traps, what it answers lies within its memory and has a meaning, and afterwards it
// decodes and signs in as before. What bindings/exports.h leaves to the caller is kept to: a machine is
// not named once it is destroyed.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import {
  DECODE_RESULT,
  EFFECTS,
  EFFECT_VIEW,
  ERROR_CODES,
  INPUT,
  INPUT_HEAD,
  INPUTS,
  INSTRUCTION_FLAGS,
  INSTRUCTION_ID_SHIFT,
  REQUEST_KIND,
  SETTINGS,
  STATE_VIEW,
} from '#generated/abi';

import { CORE_EXPORTS, type CoreExports } from '../../js/core/core_exports.ts';
import { readEffect } from '../../js/core/effect.ts';
import { Machine } from '../../js/core/machine.ts';
import { openMemory, type Memory } from '../../js/core/memory.ts';
import { readOptions } from '../../js/driver/config.ts';
import { settingsOf } from '../../js/driver/settings.ts';
import { AuthError } from '../../js/errors.ts';
import { encode } from '../../js/utf8.ts';
import { named } from './support/exports.ts';
import { playRounds, someNumber, someText, someTime } from './support/fuzzing.ts';
import type { Random } from './support/random.ts';
import { RFC_TOKEN } from './support/tokens.ts';

const NAMES = Object.keys(CORE_EXPORTS) as (keyof CoreExports)[];
const DECODERS: readonly (keyof CoreExports)[] = [
  'bearerkit_decode_quickly',
  'bearerkit_scan_part',
  'bearerkit_decode_jwt',
];

const module = new WebAssembly.Module(
  await readFile(new URL('../../build/wasm/bearerkit.wasm', import.meta.url)),
);

interface Instance {
  exports: CoreExports;
  memory: Memory;
  /** Bytes of memory. */
  size: () => number;
}

function instantiate(): Instance {
  const imports: Record<string, Record<string, () => number>> = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    (imports[from] ??= {})[name] = () => 0;
  }
  const { exports } = new WebAssembly.Instance(module, imports);
  (exports['_initialize'] as (() => void) | undefined)?.();
  const core = named(exports) as CoreExports;
  const memory = exports['memory'];
  assert.ok(memory instanceof WebAssembly.Memory);
  return {
    exports: core,
    memory: openMemory(memory, core.bearerkit_input, true),
    size: () => memory.buffer.byteLength,
  };
}

/** Settings that the core takes, or random bytes. */
function writeSettings({ memory }: Instance, random: Random): number {
  const size = random.chance(0.9) ? SETTINGS.size : random.below(200);
  const bytes = random.bytes(size);
  if (size === SETTINGS.size && !random.chance(0.1)) {
    const view = new DataView(bytes.buffer);
    for (const [name, offset] of Object.entries(SETTINGS)) {
      if (name === 'size') continue;
      // A length of time is a double, and stands before all else.
      if (offset < SETTINGS.mode) {
        const length = random.chance(0.9) ? random.below(20_000) : someNumber(random);
        view.setFloat64(offset, length, true);
      } else if (!name.startsWith('seed')) {
        view.setUint32(offset, random.below(name === 'mode' ? 3 : 2), true);
      }
    }
  }
  return memory.writeAll([bytes]);
}

/** The head of an input, mostly of one that there is, and its texts. Gives their length. */
function writeInput({ memory }: Instance, random: Random): number {
  const texts = Array.from({ length: 3 }, () => (random.chance(0.5) ? '' : someText(random)));
  const parts = texts.map(encode);
  const head = new DataView(new ArrayBuffer(INPUT_HEAD.size));
  const put = (offset: number, value: number): void => head.setUint32(offset, value, true);
  put(INPUT_HEAD.kind, random.chance(0.95) ? random.below(INPUTS.length) : someNumber(random));
  for (let at: number = INPUT_HEAD.numbers; at < INPUT_HEAD.lengths; at += 4) {
    put(at, someNumber(random));
  }
  for (const [index, { length }] of parts.entries()) {
    put(INPUT_HEAD.lengths + 4 * index, random.chance(0.9) ? length : someNumber(random));
  }
  return memory.writeAll([new Uint8Array(head.buffer), ...parts]);
}

/** Bytes that are there, in the input area, in memory. */
function checkSlice({ memory, size }: Instance, address: number, length: number): string {
  assert.ok(address >= 0 && length >= 0);
  assert.ok(address + length <= size(), 'outside of memory');
  return memory.readText(address, length);
}

function checkDecoded(core: Instance, address: number): void {
  const field = (offset: number): number => core.memory.readUint32(address + offset);
  const error = field(DECODE_RESULT.error);
  assert.ok(error < ERROR_CODES.length);
  for (const offset of [DECODE_RESULT.header_address, DECODE_RESULT.payload_address]) {
    const text = checkSlice(core, field(offset), field(offset + 4));
    if (text !== '') assert.equal(typeof JSON.parse(text), 'object');
  }
}

function checkEffect(core: Instance, address: number): void {
  if (address === 0) return;
  const { memory } = core;
  for (const slice of [EFFECT_VIEW.text_address, EFFECT_VIEW.token_address]) {
    const text = checkSlice(
      core,
      memory.readUint32(address + slice),
      memory.readUint32(address + slice + 4),
    );
    assert.equal(Buffer.from(text).toString(), text, 'well-formed');
  }
  const effect = readEffect(memory, address, (_version, decode) => decode());
  assert.ok(effect !== undefined && effect.kind > 0 && effect.kind < EFFECTS.length);
}

/** Decodes a token, signs in a new client, and has its instruction on a request and on its 401. */
function checkUsable(core: Instance): void {
  const { exports, memory } = core;
  const result = exports.bearerkit_decode_jwt(memory.write(RFC_TOKEN), 0);
  assert.equal(memory.readUint32(result + DECODE_RESULT.error), 0);
  const payload = memory.readText(
    memory.readUint32(result + DECODE_RESULT.payload_address),
    memory.readUint32(result + DECODE_RESULT.payload_length),
  );
  assert.equal((JSON.parse(payload) as { iss: unknown }).iss, 'joe');
  exports.bearerkit_forget();

  const options = readOptions({ refresh: '/r' });
  const machine = new Machine(core, settingsOf(options), globalThis, () => 1e12);
  const effects = (): (string | undefined)[] => {
    const kinds = [];
    for (let next = machine.pollEffect(); next !== undefined; next = machine.pollEffect()) {
      kinds.push(EFFECTS[next.kind]);
    }
    return kinds;
  };
  machine.handle(INPUT.start, 0);
  assert.deepEqual(effects(), ['read_storage']);
  machine.handle(INPUT.sign_in, '{"access_token":"a","refresh_token":"r"}', '', '');
  assert.deepEqual(effects(), ['signedin', 'write_storage']);
  assert.equal(machine.accessToken(), 'a');
  const instruction = machine.request(REQUEST_KIND.fetch, 0);
  const { go, with_token, tracked } = INSTRUCTION_FLAGS;
  assert.equal(instruction & 255, go | with_token | tracked);
  machine.response(instruction >>> INSTRUCTION_ID_SHIFT, 401, 1, 5, '');
  assert.deepEqual(effects(), ['read_storage']);
  machine.destroy();
}

/** The value of a parameter, by its name. */
function argument(name: string, machines: readonly number[], random: Random): number {
  if (name === 'machine') return random.pick(machines);
  if (name === 'now') return someTime(random);
  return someNumber(random);
}

/** Puts something into the input area, or not; its true lengths, to be used or not. */
function prepare({ memory, exports }: Instance, count: number, random: Random): number[] {
  const texts = Array.from({ length: count }, () => someText(random));
  if (random.chance(0.8)) return texts.map((text) => Math.max(memory.write(text), 0));
  exports.bearerkit_input(someNumber(random));
  return [];
}

test('no call of any export traps, in any order and with any numbers and texts', async (t) => {
  await playRounds(t, 0.5, (random) => {
    const core = instantiate();
    const { exports } = core;
    const machines: number[] = [];
    for (let step = 0; step < 300; step++) {
      const name = machines.length === 0 ? 'bearerkit_machine_create' : random.pick(NAMES);
      if (name === 'bearerkit_machine_create' && machines.length < 4) {
        const size = writeSettings(core, random);
        const made = exports.bearerkit_machine_create(
          random.chance(0.95) ? size : someNumber(random),
        );
        if (made !== 0) machines.push(made);
        continue;
      }
      const parameters: readonly string[] = CORE_EXPORTS[name];
      const isLength = (parameter: string): boolean => /length$/i.test(parameter);
      const lengths = prepare(core, parameters.filter(isLength).length, random);
      const inputLength = name === 'bearerkit_handle' ? writeInput(core, random) : undefined;
      if (inputLength !== undefined) lengths.splice(0, 1, inputLength);
      const values = parameters.map((parameter) => {
        const length = isLength(parameter) ? lengths.shift() : undefined;
        if (length !== undefined && random.chance(0.8)) return length;
        return argument(parameter, machines, random);
      });
      const call: (...values: number[]) => number = exports[name];
      const answer = call(...values);
      if (name === 'bearerkit_machine_destroy') {
        machines.splice(machines.indexOf(values[0] ?? 0), 1);
      } else if (DECODERS.includes(name)) {
        checkDecoded(core, answer);
      } else if (name === 'bearerkit_poll_effect') {
        checkEffect(core, answer);
      } else if (name === 'bearerkit_look') {
        for (const place of [STATE_VIEW.access_token, STATE_VIEW.kept]) {
          const { memory } = core;
          checkSlice(
            core,
            memory.readUint32(answer + place),
            memory.readUint32(answer + place + 4),
          );
        }
      }
    }
    checkUsable(core);
  });
});

type AnyHandle = (input: number, ...fields: (string | number)[]) => number;

/** A call of the machine, and a look at what comes of it. */
function useMachine(machine: Machine, random: Random): void {
  const handle = machine.handle.bind(machine) as AnyHandle;
  switch (random.below(12)) {
    case 0:
      machine.request(random.below(3), random.below(1024));
      break;
    case 1:
      machine.response(
        someNumber(random),
        someNumber(random),
        random.below(4),
        someNumber(random),
        someText(random),
      );
      break;
    case 2:
      machine.originFlags(someText(random));
      break;
    case 3:
      machine.setTimeline(random.chance(0.5));
      break;
    default: {
      const numbers = Array.from({ length: random.below(5) }, () => someNumber(random));
      const texts = Array.from({ length: random.below(4) }, () => someText(random));
      handle(random.below(INPUTS.length), ...numbers, ...texts);
    }
  }
  // Not always all of it: what is left comes before the effects of the next input.
  for (let left = random.chance(0.9) ? 1000 : random.below(3); left > 0; left--) {
    const effect = machine.pollEffect();
    if (effect === undefined) break;
    assert.ok(effect.kind > 0 && effect.kind < EFFECTS.length);
  }
  const token = machine.accessToken();
  assert.equal(Buffer.from(token).toString(), token, 'well-formed');
  assert.equal(typeof machine.pollTimeout(), 'number');
  assert.equal(typeof machine.hasSession(), 'boolean');
}

test('a machine takes any text and number for any input, and memory may grow under it', async (t) => {
  await playRounds(t, 0.2, (random) => {
    const core = instantiate();
    const length = (): number => (random.chance(0.9) ? random.below(60_000) : someNumber(random));
    const machines: Machine[] = [];
    while (machines.length < 3) {
      try {
        const options = readOptions({
          mode: random.pick(['bearer', 'hybrid', 'cookie'] as const),
          clock: { now: () => someTime(random) },
          storage: { get: () => null, set: () => 0, remove: () => 0, shared: random.chance(0.5) },
          keepAlive: random.chance(0.5),
          refresh: '/refresh',
          leeway: length(),
          lockTimeout: length(),
          storageTimeout: length(),
          refreshTimeout: length(),
        });
        const machine = new Machine(core, settingsOf(options), options.world, options.now);
        machine.setOrigins(someText(random), []);
        machines.push(machine);
      } catch (error) {
        assert.ok(error instanceof AuthError && error.code === 'invalid_config', String(error));
      }
    }
    for (let step = 0; step < 200; step++) useMachine(random.pick(machines), random);
    for (const machine of machines) machine.destroy();
    checkUsable(core);
  });
});
