import fc from 'fast-check';
import { finalize, mergeMap, type Observable, of, throwError, timer } from 'rxjs';
import { defineModel, type Model, type ModelResponse } from '../../src/index.ts';

/**
 * What a model does in one call, and after how many seconds. In milliseconds, each model, hedge and limit adds a power of
 * two of its own, so that no two of them ever fall on the same moment: their order would be an accident.
 */
export const behaviour = fc.record({
  seconds: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 8 })),
  does: fc.constantFrom('answer', 'answer', 'answer', 'fail', 'throw', 'empty', 'twice', 'abstain', 'stream'),
  text: fc.constantFrom('4', '5', '６', ' 4 '),
  confidence: fc.constantFrom(undefined, 0.3, 0.9, 7),
  costUsd: fc.constantFrom(undefined, 0.01, -1),
  usage: fc.constantFrom(undefined, { inputTokens: 3, outputTokens: 4 }),
  isDefined: fc.boolean(),
});
export type Behaviour = typeof behaviour extends fc.Arbitrary<infer B> ? B : never;

/** Models that behave so, and log when they are called, aborted and released. */
export const modelsOf = (behaviours: readonly Behaviour[], log: (entry: unknown) => void): Model[] =>
  behaviours.map(({ seconds, does, text, confidence, costUsd, usage, isDefined }, index) => {
    const id = `m${index}`;
    const atMs = seconds === 0 ? 0 : 1000 * seconds + 2 ** index;
    const response: ModelResponse = { text: does === 'abstain' ? ' ' : text, confidence, costUsd, usage };
    const begin = (): Observable<ModelResponse> => {
      log(`${id} is called`);
      if (does === 'throw') throw new TypeError('no');
      const answer$ =
        does === 'fail'
          ? throwError(() => new Error('no'))
          : does === 'empty'
            ? of()
            : does === 'twice'
              ? of(response, { text: 'late' })
              : of(response);
      return (atMs === 0 ? answer$ : timer(atMs).pipe(mergeMap(() => answer$))).pipe(
        finalize(() => log(`${id} is released`)),
      );
    };
    const model = defineModel(id, (_, { signal }) => {
      signal.addEventListener('abort', () => log(`${id} is aborted: ${signal.reason}`));
      return begin();
    });
    if (isDefined && does !== 'stream') return { ...model, provider: 'own', modelId: 'one' };
    return {
      id,
      call: ({ wantsDeltas }) =>
        does === 'stream' && wantsDeltas === true
          ? begin().pipe(mergeMap((whole) => of({ delta: text }, whole)))
          : begin(),
    };
  });
