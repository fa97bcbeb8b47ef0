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
  let state = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    state = Math.imul(state ^ text.charCodeAt(index), 0x01000193);
  }
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** Returns a draw from the standard normal distribution (Box–Muller). */
export const normalDraw = (draw: Draw): number =>
  Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());
