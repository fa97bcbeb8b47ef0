import type { ModelIdentity } from '../domain/attempt.ts';
import { costOf, unknownCost } from '../domain/cost.ts';
import { MalformedResponseError } from '../domain/errors.ts';
import { numberlike, silence } from '../domain/foreign.ts';
import type { ModelResponse } from '../domain/model.ts';
import type { Outcome, Vote } from '../domain/outcome.ts';
import type { Pricing } from '../domain/pricing.ts';
import { providerWarnings } from '../domain/provider-report.ts';
import type { ModelRequest } from '../domain/request.ts';
import { createJudge, type Judge, type JudgeOptions, type Reading } from './judge.ts';

/** The call that a response answers. */
export interface AnsweredCall {
  readonly model: ModelIdentity;
  /** The place of the model in the panel. */
  readonly index: number;
  readonly latencyMs: number;
  readonly request: ModelRequest;
  /** The model that is paid for, if a policy called another one. Default `model`. */
  readonly asked?: ModelIdentity;
}

/** Reads a response into the outcome of its call: a vote, an abstention, or a failure. */
export interface Reader<Answer> {
  readonly judge: Judge<Answer>;
  /** @param reading what `judge` said of the response. */
  read(response: ModelResponse, call: AnsweredCall, reading: Reading<Answer> | undefined): Outcome<Answer>;
}

/** Options of {@link createReader}. */
export interface ReaderOptions<Answer> extends JudgeOptions<Answer> {
  readonly pricing: Pricing | undefined;
}

/** Whether a value is a probability. The responses of models may hold anything, such as `'0.9'`. */
const isProbability = (value: unknown): value is number =>
  typeof value === 'number' && value >= 0 && value <= 1;

/**
 * Creates the reader of a normalizer. It is the only place at which foreign data enters an election. A value that is not
 * a response fails the call. A text is folded and capped before it is read. An impossible confidence or cost is dropped
 * with a warning. The model abstains if the normalizer throws.
 */
export const createReader = <Answer>(options: ReaderOptions<Answer>): Reader<Answer> => {
  const read = readerOf<Answer>(options.pricing);
  return {
    judge: createJudge(options),
    read: (response, call, reading) => {
      try {
        return read(response, call, reading);
      } catch (cause) {
        const { model, index, latencyMs } = call;
        const error = new MalformedResponseError(model.id, 'answered with a value that cannot be read', {
          cause,
        });
        return { status: 'failed', model: model.id, index, latencyMs, ...unknownCost, error };
      }
    },
  };
};

/** What was wrong with a response that counts anyway, in words; empty for nearly every response. */
const warningOf = (
  response: ModelResponse,
  kept: Pick<Vote, 'confidence' | 'costUsd'>,
  ofCost: string | undefined,
  ofReading: readonly string[],
): string => {
  const { confidence, costUsd } = response;
  const isConfidenceKept = confidence === kept.confidence || confidence === null;
  const isCostKept = costUsd === undefined || costUsd === null || costUsd === kept.costUsd;
  const ofProvider = providerWarnings(response);
  const warnings = ofReading.length === 0 ? ofProvider : [...ofProvider, ...ofReading];
  if (isConfidenceKept && isCostKept && warnings.length === 0 && ofCost === undefined) return '';
  const dropped = [
    isConfidenceKept ? [] : `a confidence of ${numberlike(confidence)}`,
    isCostKept ? [] : `a cost of ${numberlike(costUsd)} USD`,
  ].flat();
  return joined(ofCost, dropped.length === 0 ? undefined : `dropped ${dropped.join(' and ')}`, ...warnings);
};

/** A response that was paid for earlier, with its cost by the pricing, unless it has one of its own. */
const withOriginalCost = (
  response: ModelResponse,
  model: ModelIdentity,
  request: ModelRequest,
  pricing: Pricing | undefined,
): ModelResponse => {
  if (pricing === undefined || response?.cached === undefined || response.cached?.costUsd !== undefined)
    return response;
  const original = { ...response, costUsd: undefined, costSource: undefined, cached: undefined };
  const { costUsd, costSource } = costOf(model, request, original, pricing);
  return costSource === 'reported' ? { ...response, cached: { costUsd } } : response;
};

const joined = (...warnings: readonly (string | undefined)[]): string =>
  warnings.filter((warning) => warning !== undefined).join('; ');

const readerOf =
  <Answer>(pricing: Pricing | undefined): Reader<Answer>['read'] =>
  (given, { model, index, latencyMs, request, asked = model }, reading) => {
    const response = withOriginalCost(given, asked, request, pricing);
    if (typeof response?.text !== 'string' || reading === undefined) {
      silence(response);
      const error = new MalformedResponseError(model.id, 'answered with a value that has no text');
      return { status: 'failed', model: model.id, index, latencyMs, ...unknownCost, error };
    }
    const cost = costOf(asked, request, response, pricing);
    if ('reason' in reading) {
      const { reason, passed } = reading;
      const warnings = providerWarnings(response);
      return {
        status: 'abstained',
        model: model.id,
        index,
        latencyMs,
        ...cost,
        response,
        reason,
        ...(passed !== undefined && { passed }),
        ...(warnings.length > 0 && { warning: joined(cost.warning, ...warnings) }),
      };
    }
    const { costUsd, costSource, isPriceApproximate } = cost;
    const confidence = isProbability(response.confidence) ? response.confidence : undefined;
    // Written out rather than spread, because it is made for every vote.
    const vote = {
      status: 'answered' as const,
      model: model.id,
      index,
      latencyMs,
      costUsd,
      costSource,
      response,
      answer: reading.answer,
      key: reading.key,
      confidence,
    };
    const warning = warningOf(response, vote, cost.warning, reading.notes);
    const confidenceSource = confidence === undefined ? undefined : response.confidenceSource;
    if (warning === '' && confidenceSource === undefined && isPriceApproximate === undefined) return vote;
    return {
      ...vote,
      ...(isPriceApproximate !== undefined && { isPriceApproximate }),
      ...(confidenceSource !== undefined && { confidenceSource }),
      ...(warning !== '' && { warning }),
    };
  };
