import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

/** The heap that is in use, in bytes, with nothing in it that could be let go. */
export const collectedHeap = (): number => {
  collect();
  return process.memoryUsage().heapUsed;
};
