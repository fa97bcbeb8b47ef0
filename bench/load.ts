/**
 * What predictions cost in memory: `node --expose-gc bench/load.ts [in flight] [in a row]`.
 *
 * First 100,000 predictions in flight at the same time, of whose calls no more than 1,000 are let through: the bytes
 * that each takes while it waits, and that all of them are gone afterwards. Then 1,000,000 in a row, through four
 * policies: whether the heap
 * grows with their number (a line through what is held after a full collection, after a tenth to warm up), and
 * whether a listener is left on a signal that all of them share. Ends with 1 where something is left.
 */
import { getEventListeners } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { mergeMap, of, range, Subject, tap } from 'rxjs';
import { linearRegression } from 'simple-statistics';
import { createEnsemble, type Model } from '../src/index.ts';
import { concurrency, rateLimit, retry, retryBudget, timeout } from '../src/policies/policies.ts';

const [inFlight = 100_000, inARow = 1_000_000] = process.argv.slice(2).map(Number);

const ADMITTED = 1000;

/** How many of those in flight share a signal: a platform looks through all of its listeners to take one away. */
const SIGNALLED = 1000;

/** What may be left: code and caches that came to be on the way, and less than a number for each prediction. */
const MOST_BYTES_LEFT = 4 * 2 ** 20;
const MOST_BYTES_PER_PREDICTION = 2;

const heapBytes = async (): Promise<number> => {
  // Twice, with a turn between, since what a finalizer lets go of is gone only after it.
  globalThis.gc?.();
  await nextTurn();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
};

const shared = new AbortController();
const failures: string[] = [];
const check = (isFine: boolean, what: string): void => {
  if (!isFine) failures.push(what);
};
const listeners = (): number => getEventListeners(shared.signal, 'abort').length;
const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

/** The policies that a busy service puts around its models. */
const guarded = (model: Model): Model =>
  retry({ budget: retryBudget() })(admitted(rateLimit()(timeout(60_000)(model))));
const admitted = concurrency({ maxConcurrent: ADMITTED });

const flood = async (): Promise<void> => {
  const gate$ = new Subject<void>();
  let out = 0;
  let mostOut = 0;
  const models = ['alpha', 'beta', 'gamma'].map((id) =>
    admitted({
      id,
      call: () =>
        gate$.pipe(
          mergeMap(() => of({ text: '4' })),
          tap({
            subscribe: () => {
              out += 1;
              mostOut = Math.max(mostOut, out);
            },
            finalize: () => {
              out -= 1;
            },
          }),
        ),
    }),
  );
  const ensemble = createEnsemble({ models, timeoutMs: 3_600_000 });
  await ensemble.predict('?', { models: [{ id: 'warm', call: () => of({ text: '4' }) }], minResponses: 1 });
  const before = await heapBytes();
  let done = 0;
  const finished = new Promise<void>((resolve, reject) => {
    range(0, inFlight)
      .pipe(
        mergeMap((number) =>
          ensemble.predict$(`${number}: 2 + 2?`, number < SIGNALLED ? { signal: shared.signal } : {}),
        ),
      )
      .subscribe({ next: () => (done += 1), error: reject, complete: resolve });
  });
  const during = await heapBytes();
  const waiting = listeners();
  const startedAtMs = performance.now();
  // Each turn of the gate answers whoever is admitted, who makes room for the next.
  for (let isOver = false; !isOver; ) {
    gate$.next();
    await nextTurn();
    isOver = done === inFlight;
  }
  await finished;
  const seconds = (performance.now() - startedAtMs) / 1000;
  const after = await heapBytes();
  const number = (value: number): string => value.toLocaleString('en', { maximumFractionDigits: 1 });
  console.log(`${number(inFlight)} predictions of 3 calls in flight, ${number(ADMITTED)} calls admitted`);
  console.log(`  ${number((during - before) / inFlight)} bytes per prediction in flight`);
  console.log(`  ${number((after - before) / inFlight)} bytes per prediction left when all are done`);
  console.log(
    `  ${mostOut} calls out at the most; ${waiting} listeners meanwhile, ${listeners()} afterwards`,
  );
  console.log(`  ${number(inFlight / seconds)} predictions per second to drain the line`);
  check(mostOut <= ADMITTED, `${mostOut} calls were out, of ${ADMITTED}`);
  check(done === inFlight, `${done} predictions were made, of ${inFlight}`);
  check(after - before < MOST_BYTES_LEFT, `${after - before} bytes are left of those in flight`);
};

const inTurn = async (): Promise<void> => {
  const models = ['Paris', 'Paris', 'Lyon'].map((text, index) =>
    guarded({ id: `model-${index}`, call: () => of({ text }) }),
  );
  const ensemble = createEnsemble({ models });
  const points: [number, number][] = [];
  const step = inARow / 20;
  for (let made = 0; made < inARow; made += 1) {
    await ensemble.predict('What is the capital of France?', { signal: shared.signal });
    if ((made + 1) % step !== 0) continue;
    points.push([made + 1, await heapBytes()]);
  }
  const warm = points.slice(2);
  const { m: slope } = linearRegression(warm);
  const mb = (bytes: number | undefined): string => ((bytes ?? Number.NaN) / 2 ** 20).toFixed(2);
  console.log(`\n${inARow.toLocaleString('en')} predictions in a row`);
  console.log(`  heap ${mb(warm[0]?.[1])} MB after a tenth, ${mb(warm.at(-1)?.[1])} MB at the end`);
  console.log(
    `  slope ${slope.toFixed(3)} bytes per prediction; ${listeners()} listeners, ${timers()} timers left`,
  );
  check(Math.abs(slope) < MOST_BYTES_PER_PREDICTION, `the heap grows by ${slope} bytes per prediction`);
};

await flood();
await inTurn();
check(listeners() === 0, `${listeners()} listeners are left`);
check(timers() === 0, `${timers()} timers are left`);
for (const failure of failures) console.log(`  VIOLATION: ${failure}`);
process.exitCode = failures.length === 0 ? 0 : 1;
