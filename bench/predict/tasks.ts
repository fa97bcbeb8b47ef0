import { catchError, defer, last, map, merge, type Observable, of, scan } from 'rxjs';
import { createEnsemble as createCoreEnsemble } from '../../src/core/core.ts';
import { createEnsemble, defineModel, type Model, majority } from '../../src/index.ts';
import { asks, floor, floorFull, texts } from '../floors.ts';

const asynchronous = asks.map((ask, index) => defineModel(`model-${index}`, ask));
const synchronous: Model[] = texts.map((text, index) => ({
  id: `model-${index}`,
  call: () => of({ text }),
}));

const textbook = (): Observable<string> =>
  merge(
    ...asks.map((ask) =>
      defer(() => ask('?')).pipe(
        map((value) => value.trim().toLowerCase()),
        catchError(() => of(undefined)),
      ),
    ),
  ).pipe(
    scan(
      (votes, answer) =>
        answer === undefined ? votes : new Map(votes).set(answer, (votes.get(answer) ?? 0) + 1),
      new Map<string, number>(),
    ),
    last(),
    map((votes) => [...votes].reduce((best, vote) => (vote[1] > best[1] ? vote : best))[0]),
  );

const completion = (source$: Observable<unknown>): Promise<void> =>
  new Promise((complete, error) => {
    source$.subscribe({ complete, error });
  });

const promised = createEnsemble({ models: asynchronous });
const immediate = createEnsemble({ models: synchronous });
const decided = createEnsemble({ models: asynchronous, earlyStop: 'decided' });
const limitless = createEnsemble({ models: asynchronous, timeoutMs: Number.POSITIVE_INFINITY });
const core = createCoreEnsemble({
  models: asynchronous,
  normalization: (text) => text.trim().toLowerCase(),
});
const signal = new AbortController().signal;
const timed = createEnsemble({ models: asynchronous, deadlineMs: 60_000 });
const unread = createEnsemble({ models: asynchronous, normalization: (text) => text, strategy: majority() });

/** Predictions by three models, each a function that settles when the prediction is made. */
export const tasks = {
  floor,
  floorFull,
  predict: () => promised.predict('?'),
  predict$: () => completion(promised.predict$('?')),
  stream: () => completion(promised.stream('?')),
  core: () => core.predict('?'),
  'textbook RxJS: defer, map, catchError, merge, scan, last': () => completion(textbook()),
  'predict, signal': () => promised.predict('?', { signal }),
  'predict, deadlineMs': () => timed.predict('?'),
  'predict, an option of its own': () => promised.predict('?', { timeoutMs: 4000 }),
  'predict, models that answer within subscribe': () => immediate.predict('?'),
  "predict, earlyStop: 'decided'": () => decided.predict('?'),
  'predict, no timeout': () => limitless.predict('?'),
  'predict, identity normalizer': () => unread.predict('?'),
} satisfies Readonly<Record<string, () => Promise<unknown>>>;

export type TaskName = keyof typeof tasks;
