import { describe, expect, it } from 'vitest';
import { defineModel, hedged, hedgeEach } from '../../src/index.ts';
import { circuitBreaker, fallback, retry, retryBudget } from '../../src/policies/policies.ts';

const models = [defineModel('a', () => 'Paris')];

describe('an option under another name', () => {
  it.each<readonly [name: string, owner: string, make: (options: object) => unknown, meant: string]>([
    ['attempts', 'retry', retry, 'maxAttempts'],
    ['retries', 'retry', retry, 'maxAttempts'],
    ['maxRetries', 'retry', retry, 'maxAttempts'],
    ['shouldRetry', 'retry', retry, 'shouldHandle'],
    ['retryIf', 'retry', retry, 'shouldHandle'],
    ['share', 'retryBudget', retryBudget, 'ratio'],
    ['failureShare', 'circuitBreaker', circuitBreaker, 'failureRatio'],
    ['minCalls', 'circuitBreaker', circuitBreaker, 'minimumCalls'],
    ['minimumThroughput', 'circuitBreaker', circuitBreaker, 'minimumCalls'],
    ['openMs', 'circuitBreaker', circuitBreaker, 'breakMs'],
    ['halfOpenAfter', 'circuitBreaker', circuitBreaker, 'breakMs'],
    ['isFailure', 'circuitBreaker', circuitBreaker, 'shouldHandle'],
    ['when', 'fallback', (options) => fallback('either', models, options), 'shouldHandle'],
    ['maxExtraCalls', 'hedged', hedged, 'maxExtraRatio'],
    ['maxExtraCalls', 'hedgeEach', hedgeEach, 'maxExtraRatio'],
  ])('%s of %s is refused with the name that was meant', (name, owner, make, meant) => {
    expect(() => make({ [name]: 1 })).toThrow(
      `${owner}: there is no option "${name}"; did you mean "${meant}"?`,
    );
  });
});
