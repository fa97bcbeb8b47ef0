import { availableParallelism } from 'node:os';

let running = 0;
const waiting: (() => void)[] = [];

/**
 * Runs work when its turn comes: at most one for each core at the same time, so that the time limits of programs measure the
 * programs and not each other.
 */
export const inTurn = async <Result>(work: () => Promise<Result>): Promise<Result> => {
  if (running >= availableParallelism()) await new Promise<void>((resolve) => waiting.push(resolve));
  else running += 1;
  try {
    return await work();
  } finally {
    // The turn goes to the next.
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  }
};
