/** Draws numbers from 0 up to 1, the same ones for the same seed. */
export type Draw = () => number;

/**
 * A stream of draws for a text: FNV-1a of the text seeds mulberry32. Draws depend on nothing but the
 * text, so a simulation is the same in every order, at every concurrency, on every machine.
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

/** A draw from the standard normal distribution (Box–Muller). */
export const normalDraw = (draw: Draw): number =>
  Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());
