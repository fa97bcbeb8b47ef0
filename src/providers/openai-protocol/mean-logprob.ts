import { fieldOf } from './field.ts';

/** The sum of logarithms of probabilities, and how many they are. */
export interface LogprobSum {
  readonly sum: number;
  readonly tokens: number;
}

/** Adds the tokens in the `logprobs` of a choice, or of a piece of one in a stream. */
export const addLogprobs = (sum: LogprobSum, served: unknown): LogprobSum => {
  const content = fieldOf(served, 'content');
  // Together keeps to the older form: a list of numbers.
  const older = fieldOf(served, 'token_logprobs');
  const logprobs = Array.isArray(content)
    ? content.map((token) => fieldOf(token, 'logprob'))
    : Array.isArray(older)
      ? older
      : [];
  return logprobs
    .filter(isLogprob)
    .reduce<LogprobSum>(({ sum, tokens }, logprob) => ({ sum: sum + logprob, tokens: tokens + 1 }), sum);
};

/** Their mean, where there are any. */
export const meanLogprob = ({ sum, tokens }: LogprobSum): number | undefined =>
  tokens === 0 ? undefined : sum / tokens;

/** Servers write a probability of 0 as −9999; what is above 0 is no logarithm of one. */
const isLogprob = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value <= 0;
