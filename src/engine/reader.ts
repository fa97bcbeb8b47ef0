import type { ModelIdentity } from '../domain/attempt.ts';
import { type Cost, costOf, unknownCost } from '../domain/cost.ts';
import { MalformedResponseError } from '../domain/errors.ts';
import { briefly, silence } from '../domain/foreign.ts';
import type { ModelResponse } from '../domain/model.ts';
import type { Failed, Outcome, Vote } from '../domain/outcome.ts';
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
  const { pricing } = options;
  const read = outcomeReader<Answer>((model, request, response) => costOf(model, request, response, pricing));
  return {
    judge: createJudge(options),
    read:
      pricing === undefined
        ? read
        : (response, call, reading) => read(withOriginalCost(response, call, pricing), call, reading),
  };
};

/** Returns the cost of the call of a model with a response. Never throws. */
type CostOf = (model: ModelIdentity, request: ModelRequest, response: ModelResponse) => Cost;

/** Makes what a response was read as into the outcome of its call. Never throws. */
export const outcomeReader =
  <Answer>(costOf: CostOf): Reader<Answer>['read'] =>
  (response, call, reading) => {
    try {
      return outcomeOf(response, call, reading, costOf);
    } catch (cause) {
      return malformed(call, 'answered with a value that cannot be read', { cause });
    }
  };

const malformed = (
  { model, index, latencyMs }: AnsweredCall,
  what: string,
  options?: ErrorOptions,
): Failed => {
  const error = new MalformedResponseError(model.id, what, options);
  return { status: 'failed', model: model.id, index, latencyMs, ...unknownCost, error };
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
    isConfidenceKept ? [] : `a confidence of ${briefly(confidence)}`,
    isCostKept ? [] : `a cost of ${briefly(costUsd)} USD`,
  ].flat();
  return joined(ofCost, dropped.length === 0 ? undefined : `dropped ${dropped.join(' and ')}`, ...warnings);
};

/** A response that was paid for earlier, with its cost by the pricing, unless it has one of its own. */
const withOriginalCost = (
  response: ModelResponse,
  { model, request, asked = model }: AnsweredCall,
  pricing: Pricing,
): ModelResponse => {
  try {
    if (response.cached === undefined || response.cached.costUsd !== undefined) return response;
    const original = { ...response, costUsd: undefined, costSource: undefined, cached: undefined };
    const { costUsd, costSource } = costOf(asked, request, original, pricing);
    return costSource === 'reported' ? { ...response, cached: { costUsd } } : response;
  } catch {
    // It is refused where it is read.
    return response;
  }
};

const joined = (...warnings: readonly (string | undefined)[]): string =>
  warnings.filter((warning) => warning !== undefined).join('; ');

const outcomeOf = <Answer>(
  response: ModelResponse,
  call: AnsweredCall,
  reading: Reading<Answer> | undefined,
  costOf: CostOf,
): Outcome<Answer> => {
  if (typeof response?.text !== 'string' || reading === undefined) {
    silence(response);
    return malformed(call, 'answered with a value that has no text');
  }
  const { model, index, latencyMs, request, asked = model } = call;
  const cost = costOf(asked, request, response);
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
