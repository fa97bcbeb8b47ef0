/**
 * Measures the bytes of a prediction, and of a call in flight, by the growth of the heap. Needs `--expose-gc` and a
 * young generation that holds everything, so that nothing is collected in between.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createEnsemble, defineModel } from '../../src/index.ts';
import { tasks } from './tasks.ts';

/** The bytes of predictions by three models. */
export interface MeasuredMemory {
  /** Bytes that are allocated for one `predict`. */
  readonly prediction: number;
  /** Bytes that one call in flight holds, in a panel of three. */
  readonly callInPanel: number;
  /** Bytes that one call in flight holds, in a panel of one. */
  readonly singleCall: number;
  /** GiB that a million calls in flight hold, in panels of three; not measured with `--quick`. */
  readonly millionCallsGib?: number;
}

const PREDICTIONS = 5000;
const isQuick = process.argv[2] === '--quick';
const ROUNDS = isQuick ? 8 : 20;
const CALLS = 60_000;
const MILLION = 1_000_000;

const collect = async (): Promise<number> => {
  for (let time = 0; time < 3; time += 1) {
    globalThis.gc?.();
    await nextTurn();
  }
  return process.memoryUsage().heapUsed;
};

/** Returns the least of several rounds, because code allocates more until the compiler has optimized it. */
const allocated = async (): Promise<number> => {
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = await collect();
    for (let time = 0; time < PREDICTIONS; time += 1) await tasks.predict();
    rounds.push((process.memoryUsage().heapUsed - before) / PREDICTIONS);
  }
  return Math.min(...rounds);
};

/** The bytes that a call in flight holds. */
const held = async (panel: number, calls = CALLS): Promise<number> => {
  // A socket would hold the promise of an answer that has not come, so it is held here.
  const promises: Promise<string>[] = [];
  const silent = Array.from({ length: panel }, (_, index) =>
    defineModel(`model-${index}`, () => {
      const promise = new Promise<string>(() => {});
      promises.push(promise);
      return promise;
    }),
  );
  const ensemble = createEnsemble({ models: silent });
  const subscriptions = Array.from({ length: 1000 }, () => ensemble.predict$('?').subscribe());
  for (const subscription of subscriptions) subscription.unsubscribe();
  promises.length = 0;
  const before = await collect();
  const inFlight = Array.from({ length: calls / panel }, () => ensemble.predict$('?').subscribe());
  const bytes = ((await collect()) - before) / calls;
  for (const subscription of inFlight) subscription.unsubscribe();
  promises.length = 0;
  return bytes;
};

const measured: MeasuredMemory = {
  prediction: await allocated(),
  callInPanel: await held(3),
  singleCall: await held(1),
  ...(!isQuick && { millionCallsGib: ((await held(3, MILLION)) * MILLION) / 2 ** 30 }),
};
console.log(JSON.stringify(measured));
