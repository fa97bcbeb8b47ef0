import fc from 'fast-check';
import { Observable } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import {
  AuthenticationError,
  ConnectionError,
  createEnsemble,
  InvalidRequestError,
  MalformedResponseError,
  type Model,
  type ModelDelta,
  type ModelResponse,
  type Pricing,
  ProviderError,
  RateLimitError,
} from '../../src/index.ts';
import {
  attemptListener,
  budget,
  cache,
  circuitBreaker,
  concurrency,
  fallback,
  isTransient,
  isUnusable,
  rateLimit,
  retry,
  spendingCap,
  timeout,
} from '../../src/policies/policies.ts';

/** A tenth of a cent for each written token; a call writes at most 100. */
const LIMIT = 100;
const usdOf = (tokens: number): number => tokens / 1000;
const pricing: Pricing = {
  priceOf: (_model, { outputTokens = 0 }) => ({ usd: usdOf(outputTokens) }),
  countTokens: (text) => text.length,
};

/** What a request meets. Those that are generated are billed, whatever comes of them. */
const endings = {
  answer: true,
  'answer without usage': true,
  'answer with an odd usage': true,
  'answer that is cut off': true,
  'answer that reports its cost': true,
  '5xx': true,
  reset: true,
  malformed: true,
  'rate limit within a 200': true,
  bug: true,
  'end without an answer': true,
  silence: true,
  '429': false,
  '400': false,
  '401': false,
  refused: false,
} as const;
type Ending = keyof typeof endings;

interface Fate {
  readonly ending: Ending;
  readonly tokens: number;
  readonly latencyMs: number;
  /** How long nothing is sent, as while an SDK is imported. */
  readonly importMs: number;
  readonly deltas: number;
}

const fate = fc.record<Fate>({
  ending: fc.constantFrom(...(Object.keys(endings) as Ending[])),
  tokens: fc.integer({ min: 1, max: LIMIT }),
  latencyMs: fc.nat(20),
  importMs: fc.constantFrom(0, 0, 3),
  deltas: fc.nat(2),
});

const retryable = { isRetryable: true };
const errors: Partial<Readonly<Record<Ending, () => Error>>> = {
  '5xx': () => new ProviderError('a', 'down', { ...retryable, status: 503 }),
  reset: () => new ConnectionError('a', 'reset', retryable),
  malformed: () => new MalformedResponseError('a', 'cut', retryable),
  'rate limit within a 200': () => new RateLimitError('a', 'slow down', { ...retryable, status: 200 }),
  bug: () => new TypeError('bug'),
  '429': () => new RateLimitError('a', 'slow down', { ...retryable, status: 429 }),
  '400': () => new InvalidRequestError('a', 'no', { status: 400 }),
  '401': () => new AuthenticationError('a', 'no', { status: 401 }),
  refused: () => new ConnectionError('a', 'refused', { ...retryable, costUsd: 0 }),
};

const responses = (tokens: number): Partial<Readonly<Record<Ending, ModelResponse>>> => {
  const usage = { inputTokens: 1, outputTokens: tokens };
  return {
    answer: { text: '4', usage },
    'answer without usage': { text: '4' },
    'answer with an odd usage': { text: '4', usage: { ...usage, outputTokens: -1 } },
    'answer that is cut off': { text: 'Well,', finishReason: 'length', usage },
    'answer that reports its cost': { text: '4', costUsd: usdOf(tokens) },
  };
};

/** A provider that bills a call when it begins to generate. */
const provider = (fates: readonly Fate[], bill: (usd: number) => void) => {
  let calls = 0;
  return (id: string): Model => ({
    id,
    call: (request) =>
      new Observable<ModelResponse | ModelDelta>((subscriber) => {
        const { ending, tokens, latencyMs, importMs, deltas } = fates[calls++ % fates.length] as Fate;
        const send = (): void => {
          attemptListener(request)?.attemptWaits(false);
          // Without a limit, a provider writes more than anybody has reserved.
          if (endings[ending]) bill(usdOf(request.maxOutputTokens === LIMIT ? tokens : 1e6));
          for (let count = 0; count < deltas; count += 1) subscriber.next({ delta: 'x' });
          const end = (): void => {
            const response = responses(tokens)[ending];
            const error = errors[ending];
            if (response !== undefined) subscriber.next(response);
            if (error !== undefined) subscriber.error(error());
            else if (ending !== 'silence') subscriber.complete();
          };
          if (latencyMs === 0) end();
          else subscriber.add(later(latencyMs, end));
        };
        attemptListener(request)?.attemptWaits(true);
        if (importMs === 0) send();
        else subscriber.add(later(importMs, send));
      }),
  });
};

const later = (delayMs: number, task: () => void): (() => void) => {
  const timer = setTimeout(task, delayMs);
  return () => clearTimeout(timer);
};

type Policy = (model: Model) => Model;

const others: Readonly<Record<string, () => Policy>> = {
  retry: () => retry({ maxAttempts: 3, baseDelayMs: 2, random: () => 0.5 }),
  'retry of answers too': () =>
    retry({
      baseDelayMs: 2,
      random: () => 0.5,
      shouldHandle: (result) => isTransient(result) || isUnusable(result),
    }),
  circuitBreaker: () => circuitBreaker({ minimumCalls: 3, breakMs: 5 }),
  concurrency: () => concurrency({ maxConcurrent: 2, maxQueued: 4 }),
  rateLimit: () => rateLimit({ requestsPerMinute: 30_000 }),
  timeout: () => timeout(12),
  cache: () => cache(),
};

const plan = fc.record({
  fates: fc.array(fate, { minLength: 5, maxLength: 40 }),
  order: fc.shuffledSubarray(Object.keys(others)),
  place: fc.nat(7),
  isFallback: fc.boolean(),
  isStreamed: fc.boolean(),
  aborts: fc.array(fc.option(fc.nat(40), { nil: undefined }), { minLength: 6, maxLength: 12 }),
  timeoutMs: fc.constantFrom(8, 30, 1000),
  maxUsd: fc.constantFrom(0.15, 0.5, 1),
  perPredictionUsd: fc.constantFrom(undefined, 0.25),
});

describe('a cap, wherever its budget stands among other policies', () => {
  it('is never passed by the bill of the provider, and at the end has nothing reserved', async () => {
    vi.useFakeTimers();
    let bought = 0;
    const property = fc.asyncProperty(plan, async (given) => {
      const { fates, order, place, isFallback, isStreamed, aborts, timeoutMs, maxUsd, perPredictionUsd } =
        given;
      const cap = spendingCap({ maxUsd });
      let billedUsd = 0;
      const models = provider(fates, (usd) => {
        billedUsd += usd;
      });
      const capped = budget({ caps: [cap], perPredictionUsd, maxOutputTokens: LIMIT, pricing });
      const policies = order.map((name) => (others[name] as () => Policy)());
      policies.splice(Math.min(place, policies.length), 0, capped);
      const around = (model: Model): Model => policies.reduce((inner, policy) => policy(inner), model);
      const members = isFallback
        ? [around(fallback('either', [models('a'), models('b')]))]
        : [around(models('a')), around(models('b'))];
      const ensemble = createEnsemble({
        models: members,
        minResponses: 1,
        timeoutMs,
        pricing,
        earlyStop: 'decided',
      });
      const settled = aborts.map(async (abortMs, index) => {
        const controller = new AbortController();
        if (abortMs !== undefined) setTimeout(() => controller.abort(), abortMs);
        const question = `What is ${index % 4} + 2?`;
        const options = { signal: controller.signal };
        if (!isStreamed) {
          await ensemble.predict(question, options);
          return;
        }
        for await (const event of ensemble.stream(question, options)) {
          if (event.type === 'complete') return;
        }
      });
      const ends = Promise.allSettled(settled);
      await vi.runAllTimersAsync();
      expect(await ends).toHaveLength(aborts.length);
      expect(billedUsd).toBeLessThanOrEqual(maxUsd + 1e-9);
      expect(cap.spentUsd()).toBeGreaterThanOrEqual(billedUsd - 1e-9);
      expect(cap.reservedUsd()).toBe(0);
      bought += billedUsd;
    });
    await fc.assert(property, { numRuns: 400, seed: 12 }).finally(() => vi.useRealTimers());
    expect(bought).toBeGreaterThan(50);
  });
});
