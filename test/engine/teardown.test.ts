import { Observable, type Subscriber } from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  createEnsemble,
  defineModel,
  type Model,
  type ModelResponse,
  type Prediction,
} from '../../src/index.ts';
import {
  budget,
  cache,
  circuitBreaker,
  concurrency,
  fallback,
  rateLimit,
  retry,
  timeout,
} from '../../src/policies/policies.ts';

// The runner fails on an uncaught exception and on an unhandled rejection.

const torn = 'the teardown of the model threw RangeError';

type Ending = (subscriber: Subscriber<ModelResponse>) => void;

/** A model that ends as told, and throws when it is torn down. */
const careless = (id: string, end: Ending): Model => ({
  id,
  call: () =>
    new Observable((subscriber) => {
      end(subscriber);
      return () => {
        throw new RangeError('a bug in the teardown');
      };
    }),
});

const never: Ending = () => undefined;
const soon =
  (end: Ending): Ending =>
  (subscriber) =>
    void Promise.resolve().then(() => end(subscriber));
const answers: Ending = (subscriber) => subscriber.next({ text: '4', costUsd: 0.25 });
const fails: Ending = (subscriber) => subscriber.error(new Error('no'));
const ends: Ending = (subscriber) => subscriber.complete();

const pricing = { priceOf: () => ({ usd: 0.25 }), countTokens: (text: string) => text.length };
const policies: [string, () => (model: Model) => Model][] = [
  ['no policy', () => (model) => model],
  ['retry', () => retry({ baseDelayMs: 0, shouldHandle: () => true })],
  ['fallback', () => (model) => fallback(model.id, [model])],
  ['concurrency', () => concurrency({ maxConcurrent: 1 })],
  ['rateLimit', () => rateLimit({ requestsPerMinute: 60_000, burst: 100 })],
  ['circuitBreaker', () => circuitBreaker()],
  ['budget', () => budget({ perPredictionUsd: 10, maxOutputTokens: 1, pricing })],
  ['timeout', () => timeout(60_000)],
  ['cache', () => cache()],
];

describe('a teardown that throws', () => {
  const cases = policies.flatMap(([name, policy]) =>
    (
      [
        ['answers at once', answers, 'answered'],
        ['answers', soon(answers), 'answered'],
        ['fails at once', fails, 'failed'],
        ['fails', soon(fails), 'failed'],
        ['completes', soon(ends), 'failed'],
        ['is cancelled', never, 'cancelled'],
      ] as const
    ).map(([when, end, status]) => ({ name, policy, when, end, status })),
  );

  it.each(cases)('under $name, when the model $when, is a warning of its outcome', async (each) => {
    const { policy, end, status } = each;
    const late = defineModel('late', () => new Promise((resolve) => setImmediate(resolve, '4')));
    const models = [policy()(careless('careless', end)), late];
    const isCancelled = status === 'cancelled';
    const ensemble = createEnsemble({ models, minResponses: 1, ...(isCancelled && { earlyStop: 0.5 }) });
    for (const _ of ['first', 'second']) {
      const { outcomes } = await ensemble.predict('?');
      const warning = outcomes[0]?.status === status ? outcomes[0].warning : undefined;
      expect(outcomes.map((outcome) => outcome.status)).toStrictEqual([status, 'answered']);
      // The second time, the answer comes out of the cache.
      if (each.name !== 'cache' && !['fails at once', 'answers at once'].includes(each.when))
        expect(warning).toBe(torn);
    }
  });

  it('leaves no other call in flight when the caller leaves', () => {
    const signals: AbortSignal[] = [];
    const silent = defineModel('silent', (_, { signal }) => {
      signals.push(signal);
      return new Promise(() => undefined);
    });
    createEnsemble({ models: [careless('careless', never), silent] })
      .predict$('?')
      .subscribe()
      .unsubscribe();
    expect(signals.map(({ aborted }) => aborted)).toStrictEqual([true]);
  });

  it('does not end the time limit of other calls', async () => {
    const silent = defineModel('silent', () => new Promise(() => undefined));
    const { predict } = createEnsemble({ models: [careless('careless', never), silent], timeoutMs: 2 });
    for (const _ of ['first', 'second']) {
      const { name, outcomes } = await predict('?').catch((error) => error);
      expect(name).toBe('AllModelsFailedError');
      expect(outcomes.map(({ warning }: { warning?: string }) => warning)).toStrictEqual([torn, undefined]);
    }
  });

  it('of an attempt that is repeated is a warning as well', async () => {
    let attempts = 0;
    const model = careless('careless', (subscriber) => {
      attempts += 1;
      soon(attempts === 1 ? fails : answers)(subscriber);
    });
    const steady = retry({ baseDelayMs: 0, shouldHandle: () => true })(model);
    const { outcomes } = await createEnsemble({ models: [steady] }).predict('?');
    expect(outcomes[0]).toMatchObject({
      status: 'answered',
      warning: torn,
      attempts: [{ model: 'careless' }],
    });
  });
});

describe('a schedule that throws when it is cancelled', () => {
  it('does not keep the prediction from settling when the signal aborts', async () => {
    const controller = new AbortController();
    const ensemble = createEnsemble({
      models: [careless('a', never)],
      execution: {
        schedule: () =>
          new Observable(() => () => {
            throw new RangeError('a bug in the schedule');
          }),
      },
    });
    const prediction = ensemble.predict('?', { signal: controller.signal });
    controller.abort();
    await expect(prediction).rejects.toMatchObject({ name: 'CancelledError' });
  });
});

describe('accounting that throws', () => {
  const thrown = (): never => {
    throw new RangeError('a bug in the pricing');
  };
  const hung = defineModel('hung', () => new Promise(() => undefined));
  const quick = defineModel('quick', async () => '4');
  const broken = {
    text: '4',
    get usage() {
      return thrown();
    },
    get finishReason() {
      return thrown();
    },
  };

  it.each([
    ['priceOf', { priceOf: thrown, countTokens: () => 1 }, 'the pricing threw RangeError'],
    ['countTokens', { priceOf: () => ({ usd: 1 }), countTokens: thrown }, undefined],
    [
      'an odd price',
      { priceOf: () => ({ usd: Number.NaN }), countTokens: () => 1 },
      'the pricing returned no amount in USD',
    ],
  ])('in %s is a warning of the outcome, however the call ends', async (_, odd, warning) => {
    const failing = defineModel('failing', () => Promise.reject(new Error('no')));
    const expected = warning ?? 'the pricing threw RangeError';
    const cancelling = createEnsemble({
      models: [hung, quick],
      pricing: odd,
      earlyStop: 0.5,
      minResponses: 1,
    });
    const warnings = ({ outcomes }: Pick<Prediction, 'outcomes'>) =>
      outcomes.map((outcome) => outcome.warning);
    expect(warnings(await cancelling.predict('?'))).toStrictEqual([expected, expected]);
    const expiring = createEnsemble({ models: [hung, failing], pricing: odd, timeoutMs: 2 });
    expect(warnings(await expiring.predict('?').catch((error) => error))).toStrictEqual([
      expected,
      undefined,
    ]);
  });

  it('in a response is a failed call, also for listeners and for attempts', async () => {
    const model = defineModel('broken', async () => broken as unknown as ModelResponse);
    const ensemble = createEnsemble({
      models: [retry({ baseDelayMs: 0, shouldHandle: () => true })(model), quick],
    });
    ensemble.events$.subscribe();
    const { outcomes } = await ensemble.predict('?');
    expect(outcomes.map(({ status }) => status)).toStrictEqual(['failed', 'answered']);
  });
});
