import fc from 'fast-check';
import { finalize, from, map, mergeAll, mergeMap, of, throwError, timer } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, it } from 'vitest';
import {
  createEnsemble,
  defineModel,
  type EnsembleOptions,
  type Execution,
  type Model,
  NoPredictionError,
  parallel,
} from '../../src/index.ts';

const oracle: Execution = { name: 'parallel', schedule: (calls) => from(calls).pipe(mergeAll()) };

const plan = fc.record({
  atMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 8 })),
  does: fc.constantFrom('answer', 'answer', 'answer', 'fail', 'throw', 'empty', 'both'),
  text: fc.constantFrom('4', '5'),
  own: fc.boolean(),
});

const courseOf = (
  plans: readonly (typeof plan extends fc.Arbitrary<infer P> ? P : never)[],
  execution: Execution,
  options: Partial<EnsembleOptions>,
  leaveAtMs: number,
): string => {
  const log: unknown[] = [];
  new TestScheduler(() => undefined).run(({ flush }) => {
    const models = plans.map(({ atMs, does, text, own }, index): Model => {
      const id = `m${index}`;
      const ask = () => {
        log.push(`asked ${id}`);
        if (does === 'throw') throw new Error('no');
        const said$ =
          does === 'fail'
            ? throwError(() => new Error('no'))
            : does === 'empty'
              ? of()
              : does === 'both'
                ? of({ text }, { text: 'late' })
                : of({ text });
        return (atMs === 0 ? said$ : timer(atMs).pipe(mergeMap(() => said$))).pipe(
          finalize(() => log.push(`left ${id}`)),
        );
      };
      return own ? defineModel(id, ask) : { id, call: () => ask().pipe(map((said) => said)) };
    });
    const ensemble = createEnsemble({ models, execution, ...options });
    ensemble.events$.subscribe(() => {});
    const subscription = ensemble.predict$('?').subscribe({
      next: ({ answer, metadata, outcomes }) => log.push({ answer, metadata, outcomes }),
      error: (error) =>
        log.push(
          error.name,
          error instanceof NoPredictionError &&
            error.outcomes.map(({ status, latencyMs }) => [status, latencyMs]),
        ),
      complete: () => log.push('complete'),
    });
    timer(leaveAtMs).subscribe(() => subscription.unsubscribe());
    flush();
  });
  return JSON.stringify(log);
};

describe('all calls at once', () => {
  it('come to what merge makes of them, in the same order, for any models, rules and ends', () => {
    fc.assert(
      fc.property(
        fc.array(plan, { minLength: 1, maxLength: 6 }),
        fc.constantFrom<Partial<EnsembleOptions>>(
          {},
          { earlyStop: 'decided' },
          { earlyStop: 0.5, minResponses: 1 },
          { timeoutMs: 4 },
          { deadlineMs: 5, minResponses: 1 },
          { samples: 2 },
        ),
        fc.integer({ min: 0, max: 12 }),
        (plans, options, leaveAtMs) => {
          expect(courseOf(plans, parallel(), options, leaveAtMs)).toBe(
            courseOf(plans, oracle, options, leaveAtMs),
          );
        },
      ),
      { numRuns: 1500 },
    );
  });
});
