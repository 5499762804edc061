// The settings of the core's machine, from the options.
import { PRESUMPTION, SETTINGS } from '#generated/abi';

import type { MachineSettings } from '../core/machine.ts';
import type { Config } from './config.ts';

// X1: what one tab writes into localStorage another one sees up to 7 ms later (Chromium, WebKit, on a
// machine with all cores at work), though it holds the lock that the first one has given back. The
// core waits for it by the marks of the tabs (X11); this is how often it looks, and how long it waits
// where there are no marks.
const WRITE_LAG = 50;

export function settingsOf(config: Config, presume: number = PRESUMPTION.never): MachineSettings {
  const { refresh, storage } = config;
  return [
    [SETTINGS.leeway, config.leeway],
    [SETTINGS.refresh_margin, config.refreshMargin],
    [SETTINGS.refresh_timeout, config.refreshTimeout],
    [SETTINGS.lock_timeout, config.lockTimeout],
    [SETTINGS.storage_timeout, config.storageTimeout],
    [SETTINGS.write_lag, WRITE_LAG],
    [SETTINGS.mode, config.mode],
    [SETTINGS.dialect, config.dialect],
    [SETTINGS.can_refresh, refresh !== undefined],
    // R20: an app's own function may have another way than a refresh token; so may an endpoint that
    // is sent the access token.
    [
      SETTINGS.refresh_needs_token,
      typeof refresh !== 'function' && refresh?.sendAccessToken !== true,
    ],
    [SETTINGS.shared_storage, storage.shared ?? true],
    [SETTINGS.copied_storage, storage.copied === true],
    [SETTINGS.tabs, config.tabs],
    [SETTINGS.keep_alive, config.keepAlive],
    [SETTINGS.presume, presume],
  ];
}
