import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

/** The heap in use, in bytes, after garbage collection. */
const collectedHeap = (): number => {
  collect();
  return process.memoryUsage().heapUsed;
};

/** The bytes that the heap grows by in each of several rounds of work. Compilation adds to some of them. */
export const heapGrowths = (rounds: number, work: () => void): readonly number[] =>
  Array.from({ length: rounds }, () => {
    const before = collectedHeap();
    work();
    return collectedHeap() - before;
  });
