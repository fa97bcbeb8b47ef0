/**
 * What a prediction costs beside the floor, `Promise.allSettled` and a `Map`, in one run: three models
 * that answer at once. Every number is a ratio to the floor; the floor's own time is printed for scale.
 */
import { catchError, defer, last, map, merge, of, scan } from 'rxjs';
import { createEnsemble, defineModel, type Model, majority } from '../src/index.ts';
import { ratios } from './ratios.ts';

const texts = ['Paris', 'Paris', 'Lyon'];
const asks = texts.map((text) => async (_question: string) => text);
const asynchronous = asks.map((ask, index) => defineModel(`model-${index}`, ask));
const synchronous: Model[] = texts.map((text, index) => ({
  id: `model-${index}`,
  call: () => of({ text }),
}));

const floor = async (): Promise<string> => {
  const settled = await Promise.allSettled(asks.map((ask) => ask('?')));
  const votes = new Map<string, number>();
  for (const outcome of settled) {
    if (outcome.status !== 'fulfilled') continue;
    const answer = outcome.value.trim().toLowerCase();
    votes.set(answer, (votes.get(answer) ?? 0) + 1);
  }
  return [...votes].reduce((best, vote) => (vote[1] > best[1] ? vote : best))[0];
};

const textbook = (): Promise<string> =>
  new Promise((resolve, reject) => {
    merge(
      ...asks.map((ask) =>
        defer(() => ask('?')).pipe(
          map((value) => value.trim().toLowerCase()),
          catchError(() => of(undefined)),
        ),
      ),
    )
      .pipe(
        scan(
          (votes, answer) =>
            answer === undefined ? votes : new Map(votes).set(answer, (votes.get(answer) ?? 0) + 1),
          new Map<string, number>(),
        ),
        last(),
        map((votes) => [...votes].reduce((best, vote) => (vote[1] > best[1] ? vote : best))[0]),
      )
      .subscribe({ next: resolve, error: reject });
  });

const promised = createEnsemble({ models: asynchronous });
const immediate = createEnsemble({ models: synchronous });
const decided = createEnsemble({ models: asynchronous, earlyStop: 'decided' });
const limitless = createEnsemble({ models: asynchronous, timeoutMs: Number.POSITIVE_INFINITY });
const unread = createEnsemble({ models: asynchronous, normalization: (text) => text, strategy: majority() });

await ratios('a prediction by three models, beside Promise.allSettled and a Map', {
  'floor: Promise.allSettled + Map': floor,
  'textbook RxJS: defer, map, catchError, merge, scan, last': textbook,
  'predict, models that return a promise': () => promised.predict('?'),
  'predict, models that answer within subscribe': () => immediate.predict('?'),
  "predict, earlyStop: 'decided'": () => decided.predict('?'),
  'predict, no timeout': () => limitless.predict('?'),
  'predict, identity normalizer': () => unread.predict('?'),
});
