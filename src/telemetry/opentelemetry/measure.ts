import type { Attributes } from '@opentelemetry/api';
import { answerKey } from '../../domain/answer-key.ts';
import { asCounted, type Outcome, ofMembers } from '../../domain/outcome.ts';
import type { MissingMember } from '../../domain/prediction.ts';
import type { EventOf } from '../event.ts';
import { CRUCIBLE, GEN_AI, OPERATION, providerName } from './conventions.ts';
import type { CallEnd, PredictionEnd } from './endings.ts';
import { errorName, failureOf } from './error-type.ts';
import type { Instruments } from './instruments.ts';

/**
 * Measures an attempt that has ended. Only leaves have costs and tokens: calls in which no other instrumented ensemble
 * counted its own.
 */
export const measureCall = (instruments: Instruments, event: CallEnd, isLeaf: boolean): void => {
  const { ensemble, model, provider, modelId = model, durationMs, firstTokenMs, costUsd, costSource } = event;
  const asked: Attributes = {
    [GEN_AI.operation]: OPERATION.chat,
    [GEN_AI.provider]: providerName(provider),
    [GEN_AI.requestModel]: modelId,
  };
  const member: Attributes = { [CRUCIBLE.ensemble]: ensemble, [CRUCIBLE.model]: model };
  instruments.callDuration.record(durationMs / 1000, { ...asked, ...failure(event) });
  if (firstTokenMs !== undefined) instruments.timeToFirstChunk.record(firstTokenMs / 1000, asked);
  if (isLeaf && costUsd !== undefined) {
    instruments.cost.add(costUsd, { ...member, [CRUCIBLE.costSource]: costSource });
  }
  if (event.type === 'model:cancel') instruments.cancelledCalls.add(1, member);
  if (event.type !== 'model:stop') return;
  // The tokens of a cached response were counted when they were paid for.
  if (event.isCached) instruments.cacheHits.add(1, member);
  else if (isLeaf && event.usage !== undefined) instruments.countTokens(event.usage, asked);
};

/** Measures a prediction that has ended. */
export const measurePrediction = (
  instruments: Instruments,
  event: PredictionEnd,
  { strategy, execution }: Pick<EventOf<'predict:start'>, 'strategy' | 'execution'>,
): void => {
  const { ensemble, durationMs } = event;
  const way: Attributes = {
    [CRUCIBLE.ensemble]: ensemble,
    [CRUCIBLE.strategy]: strategy,
    [CRUCIBLE.execution]: execution,
  };
  instruments.predictionDuration.record(durationMs / 1000, {
    ...way,
    ...(event.type === 'predict:stop' && { [CRUCIBLE.status]: event.status }),
    ...failure(event),
  });
  const memberOf = (model: string): Attributes => ({
    [CRUCIBLE.ensemble]: ensemble,
    [CRUCIBLE.model]: model,
  });
  if (event.type === 'predict:cancel') return;
  const isMade = event.type === 'predict:stop';
  if (isMade) instruments.consensus.record(event.consensus, way);
  const winner = isMade ? answerKey(event.result.answer) : undefined;
  for (const outcome of asCounted(isMade ? event.result.outcomes : event.error.outcomes)) {
    const vote = voteOf(outcome, winner);
    if (vote !== undefined) {
      instruments.votes.add(1, { ...memberOf(outcome.model), [CRUCIBLE.vote]: vote });
    }
  }
  for (const { model, reason } of missingFrom(event)) {
    instruments.missingMembers.add(1, { ...memberOf(model), [GEN_AI.errorType]: errorName(reason) });
  }
};

/** Returns the missing members of a prediction; without a prediction, the models with failed calls. */
const missingFrom = (event: EventOf<'predict:stop' | 'predict:exception'>): readonly MissingMember[] =>
  event.type === 'predict:stop'
    ? event.result.metadata.missing
    : ofMembers(event.error.outcomes).flatMap((outcome) =>
        outcome.status === 'failed' ? [{ model: outcome.model, reason: outcome.error.name }] : [],
      );

/** Returns the value of the attribute `crucible.vote`; `undefined` if there is no answer. */
const voteOf = (outcome: Outcome, winner: string | undefined): string | undefined => {
  if (outcome.status === 'abstained') return 'abstained';
  if (outcome.status !== 'answered') return undefined;
  if (winner === undefined) return 'undecided';
  return outcome.key === winner ? 'winning' : 'losing';
};

/** Returns the `error.type` attribute of a failed or cancelled call or prediction. */
const failure = (event: CallEnd | PredictionEnd): Attributes => {
  const type = failureOf(event);
  return type === undefined ? {} : { [GEN_AI.errorType]: type };
};
