// What React Native's own JavaScript and an app's host give to Hermes, which has no more than the
// language. Lines go out, calls come in: the other end is support/hermes.ts.

import { tell } from './tell.js';

/** @type {Map<number, () => void>} */
const timers = new Map();
let last = 0;

/** What React Native's modules are made of on a phone, by name. */
const NATIVE_MODULES = /** @type {Record<string, object>} */ ({
  Networking: {
    /** @type {(method: string, url: string, request: number, headers: [string, string][], body: object, type: string) => void} */
    sendRequest: (method, url, request, headers, body, type) =>
      tell({ request, method, url, headers, body, type }),
    abortRequest: () => {},
    addListener: () => {},
    removeListeners: () => {},
  },
  PlatformConstants: { getConstants: () => ({}) },
});

Object.assign(globalThis, {
  global: globalThis,
  self: globalThis,
  window: globalThis,
  navigator: { product: 'ReactNative' },
  performance: { now: () => Date.now() },
  nativeModuleProxy: {},
  __turboModuleProxy: (/** @type {string} */ name) => NATIVE_MODULES[name],
  queueMicrotask: (/** @type {() => void} */ task) => void Promise.resolve().then(task),
  setTimeout: (/** @type {() => void} */ task, after = 0) => {
    timers.set(++last, task);
    tell({ timer: last, after });
    return last;
  },
  clearTimeout: (/** @type {number} */ timer) => void timers.delete(timer),
  timeout: (/** @type {number} */ timer) => {
    const task = timers.get(timer);
    timers.delete(timer);
    task?.();
  },
});
