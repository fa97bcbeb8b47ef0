import { asObject } from '../as-object.ts';

/** The sum of log probabilities and their number. */
export interface LogprobSum {
  readonly sum: number;
  readonly tokens: number;
}

/** Adds the `logprobs` of a choice, or of a chunk of it. */
export const addLogprobs = (sum: LogprobSum, choiceLogprobs: unknown): LogprobSum => {
  // Together uses the older form: a list of numbers.
  const { content, token_logprobs: older } = asObject(choiceLogprobs);
  const logprobs = Array.isArray(content)
    ? content.map((token) => asObject(token).logprob)
    : Array.isArray(older)
      ? older
      : [];
  return logprobs
    .filter(isLogprob)
    .reduce<LogprobSum>(({ sum, tokens }, logprob) => ({ sum: sum + logprob, tokens: tokens + 1 }), sum);
};

/** Returns the mean; `undefined` if there are no tokens. */
export const meanLogprob = ({ sum, tokens }: LogprobSum): number | undefined =>
  tokens === 0 ? undefined : sum / tokens;

/** Some servers write a probability of 0 as −9999. Values above 0 are not log probabilities. */
const isLogprob = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value <= 0;
