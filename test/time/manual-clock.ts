import { afterEach, beforeEach, vi } from 'vitest';

/** A clock that the tests of a file set. The timers of RxJS wait until the test advances them. */
export const manualClock = (): { nowMs: number } => {
  const clock = { nowMs: 0 };
  beforeEach(() => {
    clock.nowMs = 0;
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    vi.spyOn(performance, 'now').mockImplementation(() => clock.nowMs);
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.useRealTimers();
  });
  return clock;
};
