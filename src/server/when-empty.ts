import { interval, lastValueFrom, map, race, takeWhile, timer } from 'rxjs';

const LOOK_EVERY_MS = 20;

/** Waits until a set is empty, for at most `graceMs`. */
export const whenEmpty = async (inFlight: ReadonlySet<unknown>, graceMs: number): Promise<void> => {
  if (inFlight.size === 0) return;
  await lastValueFrom(
    race(interval(LOOK_EVERY_MS).pipe(takeWhile(() => inFlight.size > 0)), timer(graceMs).pipe(map(() => 0))),
    { defaultValue: 0 },
  );
};
