import { concatMap, map, type Observable, of, throwError, timer } from 'rxjs';
import { ReplayMissError } from '../../domain/errors.ts';
import type { Model, ModelDelta, ModelResponse } from '../../domain/model.ts';
import { checked, hasMethods, ofType, oneOf, required, suchThat } from '../../options.ts';
import { paidFor } from '../../policies/paid-for.ts';
import type { Journal } from './journal.ts';
import { journaledCalls } from './journaled-call.ts';
import { found, recall } from './journaled-entry.ts';

/** Options of {@link journaled}. */
export interface JournaledOptions {
  /** Records calls and finds them again; many models can share it. */
  readonly journal: Journal;
  /** What to do if a call is not recorded: `call` the model, or fail with `error`. Default `call`. */
  readonly onMiss?: 'call' | 'error';
  /** Whether a recorded answer takes as long as the original call; otherwise it is emitted at once. Default `false`. */
  readonly withLatency?: boolean;
}

/**
 * A policy that records each call of a model as it ends, and calls the model only if the call is not
 * recorded. A result is emitted once it is written, so every result that was seen is in the journal.
 *
 * ```text
 * first     ^--------w4|    calls the model, is written
 * second       ^------4|    joins that call
 * later                  ^4|  is answered from the journal
 * ```
 *
 * A recorded answer costs 0 and has `cached`, with its original cost. A failed call is recorded too, and made
 * again the next time. With `onMiss: 'error'` no call is ever made: a recorded failure fails again, and a
 * call that is not recorded fails with `ReplayMissError`.
 *
 * Costs a lookup in the journal before each call. Calls are equal if their `callKey` is. Put retries inside:
 * `journaled({ journal })(retry()(model))` records the final result, with the cost of all attempts.
 *
 * If an entry cannot be written, the call fails with a `JournalWriteError` as the `cause`; its paid result is
 * lost. `runExperiment` then makes no more calls; an ensemble continues with its other models.
 *
 * @throws {ConfigError} that lists every invalid option.
 *
 * @example
 * ```ts
 * import { createEnsemble, defineModel } from 'crucible-ensemble';
 * import { journaled, memoryJournal } from 'crucible-ensemble/experiment';
 *
 * let calls = 0;
 * const journal = memoryJournal();
 * const model = journaled({ journal })(
 *   defineModel('counted', () => {
 *     calls += 1;
 *     return { text: 'Paris', costUsd: 0.002 };
 *   }),
 * );
 * const ensemble = createEnsemble({ models: [model] });
 * const first = await ensemble.predict('What is the capital of France?');
 * const second = await ensemble.predict('What is the capital of France?');
 * [calls, journal.count, first.metadata.costUsd, second.metadata.costUsd]; // => [1, 1, 0.002, 0]
 * ```
 */
export const journaled = (options: JournaledOptions): ((model: Model) => Model) => {
  const { journal, onMiss, withLatency } = checked('journaled', options, {
    journal: required(isJournal),
    onMiss: [oneOf(['call', 'error'], ''), 'call'],
    withLatency: [ofType('boolean'), false],
  });
  // The caller sets the timeout.
  const callerOf = (misses: 'call' | 'error'): ((model: Model) => Model['call']) => {
    const calls = journaledCalls({ journal, onMiss: misses, timeoutMs: Number.POSITIVE_INFINITY });
    return (model) => (request) =>
      calls(model, request).pipe(
        concatMap((output): Observable<ModelResponse | ModelDelta> => {
          if (!('entry' in output)) return of(output);
          const { entry, isPaid, error } = output;
          const ended$ = withLatency && isPaid ? timer(entry.latencyMs) : of(0);
          return ended$.pipe(map(() => (isPaid ? paidFor(found(entry)) : recall(entry, error))));
        }),
      );
  };
  const [callerOfModel, recallerOfModel] = [callerOf(onMiss), callerOf('error')];
  return (model) => {
    const call = callerOfModel(model);
    recalls.set(call, recallerOfModel(model));
    return { ...model, call };
  };
};

/** For the call of a journaled model: the same call, which fails if it is not recorded. */
const recalls = new WeakMap<Model['call'], Model['call']>();

/** Returns a model that answers from its journal alone and makes no call, if it is journaled; else each call fails. */
export const recallingModel = (model: Model): Model => ({
  ...model,
  call:
    recalls.get(model.call) ??
    (() =>
      throwError(
        () =>
          new ReplayMissError(
            model.id,
            'this model is not journaled, and a rescoring makes no calls: wrap it last, in journaled({ journal })',
          ),
      )),
});

/** The check of a journal, such as `openJournal` and `memoryJournal` return. */
export const isJournal = suchThat('a journal, such as memoryJournal()', (value) =>
  hasMethods(value, 'get', 'append', 'entries'),
);
