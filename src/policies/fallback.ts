import { Subscriber } from 'rxjs';
import { EMPTY_TEXT } from '../domain/call-result.ts';
import { containedCall } from '../domain/contained-call.ts';
import { costGiven, costOfFailure } from '../domain/cost.ts';
import {
  CrucibleError,
  MalformedResponseError,
  ModelError,
  UnusableResponseError,
} from '../domain/errors.ts';
import { isA } from '../domain/foreign.ts';
import type { Model, ModelDelta, ModelResponse } from '../domain/model.ts';
import { attemptListener } from '../domain/request.ts';
import { trampoline } from '../domain/trampoline.ts';
import { aModel, checked, faultsOf, ofType, properName, reading, required, suchThat } from '../options.ts';
import { beginAttempt } from './attempt.ts';
import { isUnusable } from './is-unusable.ts';
import { endUnhandled, JudgedCall, passOver } from './pass-over.ts';
import { type Decide, deciding, type ShouldHandle } from './should-handle.ts';

/** When the next model is asked. */
export interface FallbackOptions {
  /**
   * Whether to ask the next model after this result: an error, or a response that does not count. If it throws or
   * returns no boolean, the default decides, with a warning. Default: after any error, and after an empty text.
   */
  readonly shouldHandle?: ShouldHandle;
}

const isErrorOrEmpty: ShouldHandle = (result) => !isUnusable(result) || result.reason === EMPTY_TEXT;

const modelList = suchThat(
  'a list of at least one model',
  (value) => Array.isArray(value) && value.length > 0,
);

/**
 * An ordered list of models as one model: asks the first, and if it fails or answers with an empty text the next. The deltas
 * of a member that failed stay emitted, and the next member starts from the beginning; the response has the whole text of
 * its member.
 *
 * ```text
 * a        ^--x
 * b           ^----4
 * result   --------4
 * ```
 *
 * `shouldHandle` decides after which results the next member is asked. It may pass over responses that do not count, such as
 * one that was filtered or cut off, unless a delta was emitted before. Fails with the same error if `shouldHandle` declines
 * it. If all members failed, fails with a `ModelError` that names every member; its `cause` is the last error. If the last
 * member has a response that does not count, that is the response. Every member that was asked is billed: the outcome has
 * those that were passed over as its `attempts`, and is priced by the last.
 *
 * @throws {ConfigError} for an empty id or list, or a `shouldHandle` that is not a function.
 *
 * @example
 * ```ts
 * import { createEnsemble, defineModel } from 'crucible-ensemble';
 * import { fallback } from 'crucible-ensemble/policies';
 *
 * const first = defineModel('first', () => Promise.reject(new Error('down')));
 * const second = defineModel('second', () => 'Paris');
 * const models = [fallback('either', [first, second])];
 * const { answer } = await createEnsemble({ models }).predict('What is the capital of France?');
 * answer; // => 'paris'
 * ```
 */
export const fallback = (id: string, models: readonly Model[], options: FallbackOptions = {}): Model => {
  const given = checked('fallback', options, { shouldHandle: [ofType('function'), isErrorOrEmpty] }, [
    ...faultsOf('fallback', { id, models }, { id: required(properName), models: required(modelList) }),
    ...reading('fallback', () => memberFaults(models)),
  ]);
  const shouldHandle = deciding('fallback', given.shouldHandle, isErrorOrEmpty);
  return {
    id,
    call: containedCall((request, subscriber) => {
      let place = -1;
      let hasEmitted = false;
      const decide: Decide = (...end) => !hasEmitted && shouldHandle(...end);
      /** Whether the next member is asked after an error. Otherwise, it has ended the call. */
      const asksNextAfter = (error: unknown): boolean => {
        const isPassedOver = isA(error, UnusableResponseError);
        const isHandled = isPassedOver || shouldHandle({ error }, request);
        if (isHandled && place + 1 < models.length) {
          attemptListener(request)?.attemptFailed({ error, nextInMs: 0 });
          return true;
        }
        endUnhandled(isHandled && !isPassedOver ? allFailed(id, models, error) : error, subscriber);
        return false;
      };
      // Any number of members may fail at once.
      const askNext = trampoline(() => {
        if (subscriber.closed) return;
        place += 1;
        const member = models[place] as Model;
        let isEmpty = true;
        const failed = (error: unknown): void => {
          turn.unsubscribe();
          if (asksNextAfter(error)) askNext();
        };
        const turn = new Subscriber<ModelResponse | ModelDelta>({
          next(output) {
            isEmpty = false;
            hasEmitted = true;
            subscriber.next(output);
          },
          error: failed,
          complete() {
            if (isEmpty) failed(new MalformedResponseError(member.id, 'ended without a response'));
            else subscriber.complete();
          },
        });
        subscriber.add(turn);
        // An error after the response is not a failure.
        beginAttempt(member, request, new JudgedCall(turn, request, passOver(member, request, decide)));
      });
      askNext();
    }),
  };
};

const memberFaults = (models: readonly Model[]): string[] =>
  (modelList(models) === undefined ? [...models] : []).flatMap((model, place) =>
    faultsOf('fallback', { [`models[${place}]`]: model }, { [`models[${place}]`]: required(aModel) }),
  );

const allFailed = (id: string, models: readonly Model[], cause: unknown): ModelError => {
  const reason = isA(cause, CrucibleError) ? cause.message : 'the last threw';
  const { retryAfterMs } = isA(cause, ModelError) ? cause : {};
  return new ModelError(id, `all of ${models.map((model) => model.id).join(', ')} failed: ${reason}`, {
    cause,
    isRetryable: isA(cause, CrucibleError) && cause.isRetryable,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(isA(cause, ModelError) && costGiven(costOfFailure(cause))),
  });
};
