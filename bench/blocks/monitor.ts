import { PerformanceObserver } from 'node:perf_hooks';

/** What ran without a break while something was watched: milliseconds of our code, without garbage collection and other threads. */
export interface Blocks {
  readonly longestMs: number;
  /** Of the blocks that took at least {@link WORKING_MS}. */
  readonly p99Ms: number;
  /** The number of these blocks. */
  readonly working: number;
  /** The longest block as a user waits for it: with garbage collection, and while the machine did something else. */
  readonly longestWallMs: number;
}

/** A block that takes less is one that waits. */
const WORKING_MS = 0.05;

interface Block {
  readonly cpuMs: number;
  readonly from: number;
  readonly to: number;
}

const threadMs = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};

const TIMERS = ['setTimeout', 'setInterval', 'setImmediate'] as const;

/**
 * Watches until it is stopped. A block is what runs between two moments at which the event loop may run something else: before a
 * callback of a timer, and once a turn. It counts as the CPU time of this thread, so a machine that runs something else does
 * not matter. Of a block in which garbage was collected, only the other part counts.
 */
export const watchBlocks = (): (() => Promise<Blocks>) => {
  const blocks: Block[] = [];
  const collections: { readonly from: number; readonly to: number }[] = [];
  const observer = new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries())
      collections.push({ from: startTime, to: startTime + duration });
  });
  observer.observe({ entryTypes: ['gc'] });
  let [cpuMs, from] = [threadMs(), performance.now()];
  const mark = (): void => {
    const to = performance.now();
    blocks.push({ cpuMs: threadMs() - cpuMs, from, to });
    [cpuMs, from] = [threadMs(), performance.now()];
  };
  const { setImmediate, setTimeout } = globalThis;
  const restore = TIMERS.map((name) => {
    const original = globalThis[name] as (
      callback: (...given: unknown[]) => void,
      ...rest: unknown[]
    ) => unknown;
    const marking = (callback: (...given: unknown[]) => void, ...rest: unknown[]): unknown =>
      original(
        (...given) => {
          mark();
          callback(...given);
        },
        ...rest,
      );
    Object.assign(globalThis, { [name]: marking });
    return () => Object.assign(globalThis, { [name]: original });
  });
  let isWatching = true;
  const turn = (): void => {
    mark();
    if (isWatching) setImmediate(turn);
  };
  setImmediate(turn);
  return async () => {
    await new Promise((resolve) => setImmediate(resolve));
    isWatching = false;
    for (const undo of restore) undo();
    // The observer hears of a collection some turns later.
    await new Promise((resolve) => setTimeout(resolve, 50));
    observer.disconnect();
    return summaryOf(blocks, collections);
  };
};

const summaryOf = (
  blocks: readonly Block[],
  collections: readonly { readonly from: number; readonly to: number }[],
): Blocks => {
  let next = 0;
  const ours = blocks.map(({ cpuMs, from, to }) => {
    while ((collections[next]?.to ?? Number.POSITIVE_INFINITY) < from) next += 1;
    let collectedMs = 0;
    for (let at = next; (collections[at]?.from ?? Number.POSITIVE_INFINITY) < to; at += 1) {
      const collection = collections[at] as (typeof collections)[number];
      collectedMs += Math.min(to, collection.to) - Math.max(from, collection.from);
    }
    const wallMs = to - from;
    // Linux counts CPU time in ticks of up to 4 ms, so a short block may seem to take more than passed.
    return Math.min(cpuMs, wallMs) * Math.max(0, 1 - collectedMs / Math.max(wallMs, Number.MIN_VALUE));
  });
  const working = ours.filter((ms) => ms >= WORKING_MS).sort((a, b) => a - b);
  return {
    longestMs: working.at(-1) ?? 0,
    p99Ms: working[Math.floor(0.99 * working.length)] ?? 0,
    working: working.length,
    longestWallMs: blocks.reduce((longest, { from, to }) => Math.max(longest, to - from), 0),
  };
};
