import { floor } from '../floors.ts';
import { threadMicros } from '../thread-micros.ts';

/** The CPU time of `floor` on the machine and on the day on which the bars were set, in microseconds. */
const FLOOR_MICROS = 0.92;

const CALLS = 20_000;

/**
 * Returns how many times slower the machine is at this moment than that on which the bars were set. A figure that is no ratio is
 * divided by it, because a machine that others use, too, may take twice the CPU time for the same work.
 */
export const slowness = async (): Promise<number> => {
  // The first calls compile the code.
  for (let call = 0; call < CALLS; call += 1) await floor();
  const startedAt = threadMicros();
  for (let call = 0; call < CALLS; call += 1) await floor();
  return (threadMicros() - startedAt) / CALLS / FLOOR_MICROS;
};
