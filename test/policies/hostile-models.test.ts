import { Observable, type Subscriber } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { createEnsemble, type Model, ModelError, ProviderError, simulated } from '../../src/index.ts';
import {
  budget,
  cache,
  circuitBreaker,
  concurrency,
  fallback,
  rateLimit,
  reportedByProvider,
  retry,
  type SpendingCap,
  spendingCap,
  timeout,
} from '../../src/policies/policies.ts';
import { hostileErrors, hostilePromises, hostileValues } from '../hooks/hostile.ts';
import { unhandledDuring } from '../hooks/unhandled-during.ts';

type Policy = (model: Model) => Model;

const refuse = (): never => {
  throw new Error('a getter that throws');
};
const unreadable = (): object => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};

/** Everything that a property may be that it should not. */
const oddProperties: readonly (readonly [string, PropertyDescriptor])[] = [
  ['that throws', { get: refuse, enumerable: true }],
  ['that cannot be read', { get: unreadable, enumerable: true }],
  ...[Symbol('odd'), 5n, null, undefined, Object.create(null), Number.NaN, -1, 'text', () => 1].map(
    (value) =>
      [`of ${typeof value} ${typeof value === 'number' ? value : ''}`, { value, enumerable: true }] as const,
  ),
];

/** An object with one odd property, in every way of being odd. */
const oddly = (make: () => object, names: readonly string[]) =>
  names.flatMap((name) =>
    oddProperties.map(
      ([what, descriptor]) =>
        [
          `a ${name} ${what}`,
          () => Object.defineProperty(make(), name, { configurable: true, ...descriptor }),
        ] as const,
    ),
  );

const usages = ['inputTokens', 'outputTokens', 'reasoningTokens', 'cachedInputTokens'];
const values: readonly (readonly [string, () => unknown])[] = [
  ...hostileValues,
  ...hostilePromises,
  ...oddly(() => ({}), ['delta']),
  ...oddly(
    () => ({ text: 'yes' }),
    ['text', 'usage', 'costUsd', 'costSource', 'cached', 'finishReason', 'confidence', 'confidenceSource'],
  ),
  ...oddly(() => ({}), usages).map(([what, make]) => [what, () => ({ text: 'yes', usage: make() })] as const),
  ...oddly(() => ({}), ['limit', 'remaining', 'resetAfterMs']).map(
    ([what, make]) =>
      [
        what,
        () => ({ text: 'yes', ...reportedByProvider({ rateLimits: { requests: make() as object } }) }),
      ] as const,
  ),
];

const errors: readonly (readonly [string, () => unknown])[] = [
  ...hostileErrors,
  ...hostileValues,
  ...oddly(
    () => new ProviderError('odd', 'down', { status: 503 }),
    [
      'name',
      'message',
      'model',
      'cause',
      'costUsd',
      'costSource',
      'status',
      'isRetryable',
      'retryAfterMs',
      'usage',
    ],
  ),
  ...oddly(() => new ModelError('odd', 'down'), ['message', 'isRetryable', 'code', 'requestId', 'stack']),
];

/** Fresh policies, all of which are left with nothing in flight. */
const policies = (cap: SpendingCap): Record<string, Policy> => ({
  retry: retry({ maxAttempts: 2, baseDelayMs: 0 }),
  circuitBreaker: circuitBreaker(),
  concurrency: concurrency({ maxConcurrent: 1 }),
  rateLimit: rateLimit({ requestsPerMinute: 1e9, burst: 1e6 }),
  'budget of the most': budget({ caps: [cap], maxOutputTokens: 5, pricing }),
  'budget of estimates': budget({
    caps: [cap],
    maxOutputTokens: 5,
    pricing,
    cancelledCalls: 'estimate',
    serverErrors: 'free',
  }),
  cache: cache(),
  timeout: timeout(1e6),
  fallback: (model) => (model.id === 'odd' ? fallback('either', [model, { ...model, id: 'other' }]) : model),
});
const pricing = { priceOf: () => ({ usd: 0.001 }), countTokens: (text: string) => text.length };

const ways: Readonly<Record<string, (emit: () => void) => void>> = {
  'at once': (emit) => emit(),
  later: (emit) => void setImmediate(emit),
};

const emitting = (emit: (subscriber: Subscriber<never>) => void, way: (emit: () => void) => void): Model => ({
  id: 'odd',
  call: () => new Observable<never>((subscriber) => way(() => emit(subscriber))),
});

/** Every output, and a completion, so that a delta alone ends the call. */
const outputs = [
  ...values.map(
    ([what, make]) =>
      [
        `value: ${what}`,
        (subscriber: Subscriber<never>) => {
          subscriber.next(make() as never);
          subscriber.complete();
        },
      ] as const,
  ),
  ...errors.map(
    ([what, make]) =>
      [`error: ${what}`, (subscriber: Subscriber<never>) => subscriber.error(make())] as const,
  ),
];

/** Asks a model that misbehaves, and then one that does not, through the same policy. */
const hold = async (policy: Policy, odd: Model): Promise<void> => {
  for (const execution of ['predict', 'stream'] as const) {
    const ensemble = createEnsemble({ models: [policy(odd)], timeoutMs: Number.POSITIVE_INFINITY });
    try {
      if (execution === 'predict') await ensemble.predict('q');
      else {
        for await (const event of ensemble.stream('q')) {
          if (event.type === 'delta') expect(typeof event.text).toBe('string');
        }
      }
    } catch (error) {
      expect(error).toHaveProperty('name', 'AllModelsFailedError');
    }
  }
  const good = policy(simulated({ id: 'good', accuracy: 1 }));
  const { answer } = await createEnsemble({ models: [good], timeoutMs: 5000 }).predict('What is 2 + 2?');
  expect(answer).toBe('4');
};

describe('a model that emits what cannot be read', () => {
  const names = Object.keys(policies(spendingCap({ maxUsd: 1 })));
  it.each(names.flatMap((inner) => Object.keys(ways).map((way) => [inner, way] as const)))(
    'holds no slot and no money of %s, nor ends the process, %s',
    async (name, way) => {
      for (const [what, emit] of outputs) {
        const cap = spendingCap({ maxUsd: 1 });
        const policy = policies(cap)[name] as Policy;
        const faults = await unhandledDuring(() => hold(policy, emitting(emit, ways[way] as never)));
        expect(faults, what).toEqual([]);
        expect(cap.reservedUsd(), what).toBe(0);
      }
    },
  );

  it.each(names)('nor of %s around any other policy', async (outer) => {
    const sample = outputs.filter((_, index) => index % 11 === outer.length % 11);
    for (const inner of names) {
      for (const [what, emit] of sample) {
        const cap = spendingCap({ maxUsd: 1 });
        const [around, within] = [policies(cap)[outer], policies(cap)[inner]] as [Policy, Policy];
        const policy: Policy = (model) => around(within(model));
        const faults = await unhandledDuring(() => hold(policy, emitting(emit, ways.later as never)));
        expect(faults, `${inner}, ${what}`).toEqual([]);
        expect(cap.reservedUsd(), `${inner}, ${what}`).toBe(0);
      }
    }
  });
});

/** Observables of other libraries: what `subscribe` may do and return. */
const foreign: readonly (readonly [string, (subscriber: Subscriber<unknown>) => unknown])[] = [
  ['throws', refuse],
  ['is async and rejects', () => Promise.reject(new Error('late'))],
  // biome-ignore lint/suspicious/noThenProperty: that is what is tested
  ['returns a thenable that rejects', () => ({ then: (_: unknown, no: (e: unknown) => void) => no('no') })],
  [
    'returns nothing',
    (subscriber) => {
      subscriber.next({ text: '4' });
      subscriber.complete();
    },
  ],
  [
    'returns a subscription that throws',
    (subscriber) => {
      subscriber.next({ text: '4' });
      subscriber.complete();
      return { unsubscribe: refuse };
    },
  ],
  [
    'returns a Proxy',
    (subscriber) => {
      subscriber.next({ text: '4' });
      subscriber.complete();
      return unreadable();
    },
  ],
];

describe('a model with an Observable of another library', () => {
  const names = ['no policy', ...Object.keys(policies(spendingCap({ maxUsd: 1 })))];
  it.each(foreign)('whose subscribe %s ends its call and nothing else', async (_, subscribe) => {
    for (const name of names) {
      const cap = spendingCap({ maxUsd: 1 });
      const policy = policies(cap)[name] ?? ((model: Model) => model);
      const model = { id: 'odd', call: () => ({ pipe: refuse, subscribe }) as unknown as Observable<never> };
      expect(await unhandledDuring(() => hold(policy, model)), name).toEqual([]);
      expect(cap.reservedUsd(), name).toBe(0);
    }
  });

  it('is unsubscribed when its call is cancelled', async () => {
    for (const name of names) {
      const policy = policies(spendingCap({ maxUsd: 1 }))[name] ?? ((model: Model) => model);
      let unsubscribed = 0;
      const unsubscribe = (): void => {
        unsubscribed += 1;
      };
      const output$ = { pipe: refuse, subscribe: () => ({ unsubscribe }) };
      const model = policy({ id: 'odd', call: () => output$ as unknown as Observable<never> });
      const subscription = createEnsemble({ models: [model], timeoutMs: 1e6 })
        .predict$('q')
        .subscribe();
      await new Promise(setImmediate);
      subscription.unsubscribe();
      expect(unsubscribed, name).toBe(1);
    }
  });
});
