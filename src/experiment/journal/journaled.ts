import { concatMap, map, type Observable, of, timer } from 'rxjs';
import type { Model, ModelDelta, ModelResponse } from '../../domain/model.ts';
import { type Check, faultsOf, ofType, oneOf, refuse } from '../../options.ts';
import { paidFor } from '../../policies/paid-for.ts';
import type { Journal } from './journal.ts';
import { journaledCalls } from './journaled-call.ts';
import { recall } from './journaled-entry.ts';

/** Options of {@link journaled}. */
export interface JournaledOptions {
  /** Where calls are recorded and found again; it can be shared by many models. */
  readonly journal: Journal;
  /** What a call does that is not recorded: `call` the model, or fail with `error`. Default `call`. */
  readonly onMiss?: 'call' | 'error';
  /** Whether an answer from the record takes as long as it took then. Default `false`: it comes at once. */
  readonly withLatency?: boolean;
}

/**
 * A policy that records every call of a model as it ends, and asks only for what is not recorded yet. An
 * answer is handed on once it is written: what somebody has seen is in the journal.
 *
 * ```text
 * first     ^--------w4|    asks the model, is written
 * second       ^------4|    joins that call
 * later                  ^4|  is answered from the journal
 * ```
 *
 * An answer from the record costs 0 and has `cached`, with what it cost then. A failed call is recorded too, and
 * asked again when it is next wanted. With `onMiss: 'error'` no call is ever made: a failure fails as it was
 * recorded, and what is not recorded fails with `ReplayMissError`.
 *
 * Costs a look into the journal before a call. Calls are the same when `callKey` says so. Retries belong inside:
 * `journaled({ journal })(retry()(model))` records what they come to, and what all attempts cost together.
 *
 * A call whose entry cannot be written fails, with a `JournalWriteError` as the `cause` of the failure: it was paid
 * for, and is lost. `runExperiment` then stops asking; an ensemble goes on with its other models.
 *
 * @throws {ConfigError} listing every option that cannot be.
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
  refuse([
    ...(options?.journal === undefined ? ['journaled: option "journal" is missing'] : []),
    ...faultsOf('journaled', options, {
      journal: isJournal,
      onMiss: oneOf(['call', 'error'], ''),
      withLatency: ofType('boolean'),
    }),
  ]);
  const { journal, onMiss = 'call', withLatency = false } = options;
  // How long a call may take, its caller says.
  const calls = journaledCalls({ journal, onMiss, timeoutMs: Number.POSITIVE_INFINITY });
  return (model) => ({
    ...model,
    call: (request) =>
      calls(model, request).pipe(
        concatMap((output): Observable<ModelResponse | ModelDelta> => {
          if (!('entry' in output)) return of(output);
          const { entry, isPaid } = output;
          const response = (): ModelResponse => (isPaid ? paidFor(recall(entry)) : recall(entry));
          return withLatency && isPaid
            ? timer(entry.latencyMs).pipe(map(response))
            : of(0).pipe(map(response));
        }),
      ),
  });
};

/** Whether this is a journal, such as `openJournal` and `memoryJournal` give. */
export const isJournal: Check = oneOf(
  [],
  'a journal, such as memoryJournal()',
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    ['get', 'append', 'entries'].every((name) => typeof Reflect.get(value, name) === 'function'),
);
