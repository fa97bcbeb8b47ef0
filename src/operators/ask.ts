import { defer } from 'rxjs';
import type { Call } from '../domain/execution.ts';
import type { Model } from '../domain/model.ts';
import type { Normalizer } from '../domain/normalizer.ts';
import type { Pricing } from '../domain/pricing.ts';
import type { ModelRequest, Query } from '../domain/request.ts';
import { Ledger } from '../engine/account.ts';
import { call } from '../engine/call.ts';
import { predictionSpecs } from '../engine/option-checks.ts';
import { MAX_REQUEST_BYTES } from '../engine/option-specs.ts';
import { createReader } from '../engine/reader.ts';
import { toRequest } from '../engine/to-request.ts';
import { jsonSchemaOf } from '../normalizers/answer-schema.ts';
import {
  type AnswerFor,
  type Normalization,
  type NormalizerName,
  normalizerOf,
} from '../normalizers/normalizers.ts';
import { aModel, checked, required, type Specs, wholeNumber } from '../options.ts';
import { type CompleteCall, composeCall } from '../strategies/execution/compose-call.ts';
import { currentClock } from '../time/clock.ts';
import { createSharedTimeout } from '../time/shared-timeout.ts';

/** Options of {@link ask}. */
export interface AskOptions<N extends Normalization = Normalization> {
  /** The position of the model in its panel, from 0. It breaks ties. Default 0. */
  readonly index?: number;
  /** How an answer is read out of a response. Default `lowercaseTrim`; for a query with tools `toolCalls()`. */
  readonly normalization?: N;
  /** The time limit of each attempt of the call, from when it is sent, in milliseconds, or `Infinity`. Default 60,000. */
  readonly timeoutMs?: number;
  /** The prices of models that only report tokens. Default: their cost is unknown. */
  readonly pricing?: Pricing;
  /** Whether a response counts that was cut off, filtered or refused, or is empty. Default `false`: it abstains. */
  readonly acceptUnfinished?: boolean;
}

const askSpecs = {
  index: [wholeNumber(0), 0],
  normalization: predictionSpecs.normalization,
  timeoutMs: predictionSpecs.timeoutMs,
  pricing: predictionSpecs.pricing,
  acceptUnfinished: predictionSpecs.acceptUnfinished,
} as const satisfies Specs<AskOptions>;

/**
 * One model call as a cold Observable of exactly one outcome: a vote, an abstention or a failure. It never errors. Nothing
 * is sent before `subscribe`; `unsubscribe` aborts the request on the wire.
 *
 * ```text
 * ask   ^----(4|)
 * ask   ^-----(x|)     the model fails: the outcome is a value too
 * ask   ^---!          unsubscribed: the request is aborted
 * ```
 *
 * Every prediction consists of such calls. Use it with any RxJS operator, such as `merge`, `concat` and `race`, with the
 * schedules of executions, and with {@link vote} and {@link elect}. Costs one call for each subscription.
 *
 * @throws {ConfigError} that lists every fault of the model, the query and the options.
 *
 * @example
 * ```ts
 * import { decided, defineModel, majority } from 'crucible-ensemble';
 * import { last, lastValueFrom, merge } from 'rxjs';
 * import { ask, stopWhen, vote } from 'crucible-ensemble/operators';
 *
 * const models = ['Paris', 'Paris', 'Lyon'].map((text, index) => defineModel(`model-${index}`, () => text));
 * const calls = models.map((model, index) => ask(model, 'What is the capital of France?', { index }));
 * const panel = models.map(({ id }) => id);
 * const tally$ = merge(...calls).pipe(vote(majority(), panel), stopWhen(decided()), last());
 * const { leader, successes } = await lastValueFrom(tally$);
 * [leader, successes]; // => ['paris', 2]
 * ```
 */
export function ask<const N extends NormalizerName = 'lowercaseTrim'>(
  model: Model,
  query: Query,
  options?: AskOptions<N>,
): Call<AnswerFor<N>>;
// Its own signature, so that an inline function gets a typed parameter and its answer is inferred.
export function ask<Answer>(
  model: Model,
  query: Query,
  options: AskOptions<Normalizer<Answer>>,
): Call<Answer>;
export function ask<N extends Normalization>(
  model: Model,
  query: Query,
  options: AskOptions<N> = {},
): Call<AnswerFor<N>> {
  checked('ask', { model }, { model: required(aModel) });
  const { index, timeoutMs, pricing, acceptUnfinished } = checked('ask', options as AskOptions, askSpecs);
  const normalize = normalizerOf(options.normalization as Normalization | undefined) as Normalizer<
    AnswerFor<N>
  >;
  const answerSchema = jsonSchemaOf(normalize);
  const request: ModelRequest = {
    ...toRequest(query, 'ask', { maxRequestBytes: MAX_REQUEST_BYTES }),
    ...(answerSchema !== undefined && { answerSchema }),
  };
  const reader = createReader({ normalize, pricing, acceptUnfinished });
  const timeout = createSharedTimeout(timeoutMs);
  /** The call within an account of its own, because no prediction keeps one. */
  const callAnew = (): CompleteCall<AnswerFor<N>> =>
    call(model, index, {
      request,
      clock: currentClock(),
      reader,
      pricing,
      acceptUnfinished,
      timeout,
      notifier: undefined,
      ledger: new Ledger(1),
    });
  const compose = (begin: () => CompleteCall<AnswerFor<N>>): CompleteCall<AnswerFor<N>> =>
    composeCall(defer(begin), {
      model,
      withFirstToken: () => defer(() => begin().withFirstToken$),
      extra: () => compose(() => begin().extra),
    });
  return compose(callAnew);
}
