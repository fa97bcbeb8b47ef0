import { distance } from 'fastest-levenshtein';

/**
 * Names that users bring from other libraries, from earlier versions or from the name of the thing itself, and the
 * option that does the same here.
 */
const otherNames: Readonly<Record<string, readonly string[]>> = {
  attempts: ['maxAttempts'],
  retries: ['maxAttempts', 'retry'],
  maxRetries: ['maxAttempts', 'retry'],
  delay: ['baseDelayMs'],
  delayMs: ['baseDelayMs'],
  backoff: ['baseDelayMs'],
  backoffMs: ['baseDelayMs'],
  failureShare: ['failureRatio'],
  minCalls: ['minimumCalls'],
  openMs: ['breakMs'],
  resetTimeout: ['breakMs'],
  resetMs: ['breakMs'],
  cooldownMs: ['breakMs'],
  failureThreshold: ['failureRatio'],
  errorThresholdPercentage: ['failureRatio'],
  breakDuration: ['breakMs'],
  halfOpenAfter: ['breakMs'],
  minimumThroughput: ['minimumCalls'],
  volumeThreshold: ['minimumCalls'],
  samplingDuration: ['windowMs'],
  isFailure: ['shouldHandle'],
  when: ['shouldHandle'],
  shouldRetry: ['shouldHandle'],
  retryIf: ['shouldHandle'],
  isRetryable: ['shouldHandle'],
  share: ['ratio', 'minConsensus'],
  maxExtraCalls: ['maxExtraRatio'],
  minModels: ['minResponses'],
  modelName: ['modelId'],
  countUnfinished: ['acceptUnfinished'],
  stopWhen: ['earlyStop'],
  stopRule: ['earlyStop'],
  threshold: ['confidenceThreshold', 'minConsensus', 'failureRatio'],
  confidence: ['confidenceThreshold', 'threshold'],
  agreement: ['minConsensus'],
  accuracy: ['accuracies'],
  hedgeAfterMs: ['hedgeDelayMs'],
  maxCalls: ['maxHedges'],
  target: ['to'],
  voter: ['strategy'],
  voting: ['strategy'],
  normalizer: ['normalization'],
  normalize: ['normalization'],
  schedule: ['execution'],
  hedgeDelayMs: ['execution'],
  schema: ['normalization'],
  stopEarly: ['earlyStop'],
  abortSignal: ['signal'],
  n: ['samples'],
  number: ['numeric'],
  integer: ['numeric'],
  text: ['lowercaseTrim'],
  max_tokens: ['maxOutputTokens'],
  maxTokens: ['maxOutputTokens'],
  rpm: ['requestsPerMinute'],
  tpm: ['tokensPerMinute'],
  maxCostUsd: ['maxUsd', 'perPredictionUsd'],
  max: ['maxConcurrent', 'maxEntries'],
  limit: ['maxConcurrent', 'requestsPerMinute'],
};

const words = (name: string): string[] => name.split(/(?=[A-Z])/).map((word) => word.toLowerCase());

/** The name that was probably meant: a known other name, a name within a name, or one that differs by a few letters. */
export const closest = (name: string, names: readonly string[]): string | undefined => {
  const known = (Object.hasOwn(otherNames, name) ? otherNames[name] : undefined)?.find((other) =>
    names.includes(other),
  );
  if (known !== undefined) return known;
  const wanted = words(name).join(' ');
  const within = names.filter((other) => ` ${words(other).join(' ')} `.includes(` ${wanted} `));
  if (within.length === 1) return within[0];
  const [nearest, letters] = names.reduce<readonly [string | undefined, number]>(
    (best, other) => {
      const difference = distance(name.toLowerCase(), other.toLowerCase());
      return difference < best[1] ? [other, difference] : best;
    },
    [undefined, Number.POSITIVE_INFINITY],
  );
  return letters <= Math.max(1, Math.floor(name.length / 3)) ? nearest : undefined;
};
