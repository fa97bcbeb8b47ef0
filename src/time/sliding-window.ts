import { currentClock } from './clock.ts';

/** Counts over the recent past, kept in slices of time. */
export interface SlidingWindow<Slice> {
  /** Returns the slice of the present, to be added to. */
  current(): Slice;
  /** Returns the sum over the slices of the recent past. */
  total(countOf: (slice: Slice) => number): number;
}

/** Options of {@link slidingWindow}. */
export interface SlidingWindowOptions<Slice> {
  /** The length of the window, in milliseconds; it slides by a tenth of that. May be `Infinity`. */
  readonly windowMs: number;
  /**
   * The guarantee: `atMost` counts nothing older than the window, and everything of its last nine tenths; `atLeast`
   * counts everything of the window, and nothing older than eleven tenths.
   */
  readonly counts: 'atMost' | 'atLeast';
  readonly makeSlice: () => Slice;
}

const SLICES = 10;

/** Creates a sliding window. Keeps at most eleven slices, however much is counted, and sets no timer. */
export const slidingWindow = <Slice>(options: SlidingWindowOptions<Slice>): SlidingWindow<Slice> => {
  const { windowMs, counts, makeSlice } = options;
  const sliceMs = windowMs / SLICES;
  const keptMs = counts === 'atMost' ? windowMs * (1 - 1 / SLICES) : windowMs;
  // A slice begins when something is first counted in it.
  let slices: { readonly endsAtMs: number; readonly slice: Slice }[] = [];
  const now = (): number => {
    // Nothing expires, so that the time does not matter.
    if (windowMs === Number.POSITIVE_INFINITY) return 0;
    const nowMs = currentClock()();
    if ((slices[0]?.endsAtMs ?? Number.POSITIVE_INFINITY) <= nowMs - keptMs) {
      slices = slices.filter(({ endsAtMs }) => endsAtMs > nowMs - keptMs);
    }
    return nowMs;
  };
  return {
    current() {
      const nowMs = now();
      const last = slices.at(-1);
      if (last !== undefined && nowMs < last.endsAtMs) return last.slice;
      const slice = makeSlice();
      slices.push({ endsAtMs: nowMs + sliceMs, slice });
      return slice;
    },
    total(countOf) {
      now();
      let sum = 0;
      for (const { slice } of slices) sum += countOf(slice);
      return sum;
    },
  };
};
