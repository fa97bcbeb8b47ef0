import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

export const EXECUTABLE = '/usr/bin/chromium';
export const isHere = existsSync(EXECUTABLE);

/** Starts a browser. */
export const launched = (): Promise<Browser> =>
  chromium.launch({
    executablePath: EXECUTABLE,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-sync',
    ],
  });
