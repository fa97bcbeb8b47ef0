import { setImmediate } from 'node:timers/promises';

/**
 * Returns what was unhandled while a function ran and in a few turns after it: rejections and exceptions. In place of the
 * runner's own listeners, which would fail the test.
 */
export const unhandledDuring = async (run: () => unknown): Promise<readonly unknown[]> => {
  const unhandled: unknown[] = [];
  const events = ['unhandledRejection', 'uncaughtException'] as const;
  const kept = events.map((event) => [event, process.rawListeners(event)] as const);
  const listen = (error: unknown): number => unhandled.push(error);
  for (const event of events) process.removeAllListeners(event).on(event, listen);
  try {
    await run();
    for (let turn = 0; turn < 5; turn += 1) await setImmediate();
  } finally {
    for (const [event, listeners] of kept) {
      process.removeAllListeners(event);
      for (const listener of listeners) process.on(event, listener as (error: unknown) => void);
    }
  }
  return unhandled;
};
