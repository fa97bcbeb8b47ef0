import { asObject } from '../as-object.ts';

/** The log probabilities of an answer, as far as they have been read. */
export interface LogprobSum {
  readonly sum: number;
  readonly tokens: number;
  /** Whether one of them is not a log probability, so that the mean is unknown. */
  readonly isOdd: boolean;
}

/** The sum of no log probabilities. */
export const NO_LOGPROBS: LogprobSum = { sum: 0, tokens: 0, isOdd: false };

/** Adds the `logprobs` of a choice, or of a chunk of it. */
export const addLogprobs = (sum: LogprobSum, choiceLogprobs: unknown): LogprobSum => {
  // Together uses the older form: a list of numbers.
  const { content, token_logprobs: older } = asObject(choiceLogprobs);
  if (Array.isArray(content)) return content.map((token) => asObject(token).logprob).reduce(add, sum);
  return Array.isArray(older) ? older.reduce(add, sum) : sum;
};

const add = ({ sum, tokens, isOdd }: LogprobSum, logprob: unknown): LogprobSum =>
  isLogprob(logprob) ? { sum: sum + logprob, tokens: tokens + 1, isOdd } : { sum, tokens, isOdd: true };

/** Returns the mean; `undefined` if there are no tokens, or one of them is odd. */
export const meanLogprob = ({ sum, tokens, isOdd }: LogprobSum): number | undefined =>
  tokens === 0 || isOdd ? undefined : sum / tokens;

/** Some servers write a probability of 0 as −9999. Values above 0 are not log probabilities. */
const isLogprob = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value <= 0;
