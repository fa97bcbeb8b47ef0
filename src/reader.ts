import { answerKey } from './answer-key.ts';
import { MalformedResponseError } from './errors.ts';
import type { ModelResponse } from './model.ts';
import { abstentionReason, type Normalizer } from './normalizer.ts';
import { tooLong } from './normalizers/answer-length.ts';
import { fold } from './normalizers/fold.ts';
import type { Outcome } from './outcome.ts';

/** Reads a response into the outcome of its call: a vote, an abstention, or a failure. */
export type Reader<Answer> = (
  response: ModelResponse,
  model: string,
  index: number,
  latencyMs: number,
) => Outcome<Answer>;

/** What a normalizer made of a text: an answer, or why there is none. */
type Reading<Answer> = { readonly answer: Answer; readonly key: string } | { readonly reason: string };

const readText = <Answer>(text: string, normalize: Normalizer<Answer>): Reading<Answer> => {
  const name = normalize.name || 'the normalizer';
  try {
    const result = tooLong(text) ?? normalize(fold(text));
    const reason = abstentionReason(result);
    if (reason !== undefined) return { reason };
    if (result === undefined || result === null) return { reason: `${name} found no answer` };
    return { answer: result as Answer, key: answerKey(result) };
  } catch (error) {
    return { reason: `${name} threw ${error instanceof Error ? error.name : 'a value'}` };
  }
};

const isProbability = (value: number): boolean => value >= 0 && value <= 1;
const isCost = (value: number): boolean => value >= 0 && value < Number.POSITIVE_INFINITY;

/**
 * A reader for one normalizer. Foreign data enters the election here and nowhere else: what is no
 * response fails, a text is folded once and capped before it is read, a confidence or a cost that cannot
 * be true is dropped with a warning, and a normalizer that throws makes its model abstain.
 */
export const createReader =
  <Answer>(normalize: Normalizer<Answer>): Reader<Answer> =>
  (response, model, index, latencyMs) => {
    if (typeof response?.text !== 'string') {
      const error = new MalformedResponseError(model, 'answered with something that has no text');
      return { status: 'failed', model, index, latencyMs, costUsd: undefined, costSource: 'unknown', error };
    }
    const costUsd = response.costUsd !== undefined && isCost(response.costUsd) ? response.costUsd : undefined;
    const costSource = costUsd === undefined ? 'unknown' : 'reported';
    const reading = readText(response.text, normalize);
    if ('reason' in reading) {
      const { reason } = reading;
      return { status: 'abstained', model, index, latencyMs, costUsd, costSource, response, reason };
    }
    const { answer, key } = reading;
    const confidence =
      response.confidence !== undefined && isProbability(response.confidence)
        ? response.confidence
        : undefined;
    const vote = {
      status: 'answered',
      model,
      index,
      latencyMs,
      costUsd,
      costSource,
      response,
      answer,
      key,
      confidence,
    } as const;
    if (confidence === response.confidence && costUsd === response.costUsd) return vote;
    const dropped = [
      confidence !== response.confidence && `a confidence of ${response.confidence}`,
      costUsd !== response.costUsd && `a cost of ${response.costUsd} USD`,
    ].filter(Boolean);
    return { ...vote, warning: `dropped ${dropped.join(' and ')}` };
  };
