import { suchThat } from '../options.ts';

/** The check of a seed of random draws. */
export const seedCheck = suchThat('a number or a string', (value) =>
  ['number', 'string'].includes(typeof value),
);

/** Returns the next pseudo-random number, from 0 up to but not including 1. */
export type Draw = () => number;

/**
 * Returns a random number generator that is seeded by a text: FNV-1a of the text seeds mulberry32. The numbers depend
 * on the text alone, so a simulation has the same results in any order, at any concurrency and on any machine.
 */
export const drawsFor = (text: string): Draw => {
  let state = seedOf(text);
  return () => {
    state = (state + STEP) | 0;
    return mixed(state) / RANGE;
  };
};

/**
 * Returns a function that sums up as many values as there are, each drawn by the next number of `drawsFor(text)`. It draws four
 * in each turn of its loop, which takes a fifth of the time of a sum with {@link drawsFor}: 0.07 s instead of 0.36 s for 2,000
 * sums of 10,000 values.
 */
export const resampledSums = (text: string, values: Float64Array): (() => number) => {
  let seed = seedOf(text);
  const { length } = values;
  const scale = length / RANGE;
  return () => {
    let state = seed;
    let sum = 0;
    let drawn = 0;
    for (; drawn + 4 <= length; drawn += 4) {
      const a = (mixed((state + STEP) | 0) * scale) >>> 0;
      const b = (mixed((state + 2 * STEP) | 0) * scale) >>> 0;
      const c = (mixed((state + 3 * STEP) | 0) * scale) >>> 0;
      state = (state + 4 * STEP) | 0;
      const d = (mixed(state) * scale) >>> 0;
      sum = sum + (values[a] ?? 0) + (values[b] ?? 0) + (values[c] ?? 0) + (values[d] ?? 0);
    }
    for (; drawn < length; drawn += 1) {
      state = (state + STEP) | 0;
      sum += values[(mixed(state) * scale) >>> 0] ?? 0;
    }
    seed = state;
    return sum;
  };
};

const seedOf = (text: string): number => {
  let state = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    state = Math.imul(state ^ text.charCodeAt(index), 0x01000193);
  }
  return state;
};

/** The state of the generator grows by this with each draw. */
const STEP = 0x6d2b79f5;

const RANGE = 2 ** 32;

/** The whole number of 32 bits that belongs to a state. */
const mixed = (state: number): number => {
  let mixed = Math.imul(state ^ (state >>> 15), state | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return (mixed ^ (mixed >>> 14)) >>> 0;
};

/** Returns a draw from the standard normal distribution (Box–Muller). */
export const normalDraw = (draw: Draw): number =>
  Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());
