import { concat, defer, lastValueFrom, map, merge, type Observable, of, take } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { journaled, memoryJournal } from '../../src/experiment/experiment.ts';
import {
  type AbortReason,
  createEnsemble,
  defineModel,
  type EnsembleOptions,
  hedgeEach,
  type Model,
  ModelError,
  majority,
  parallel,
  sequential,
} from '../../src/index.ts';
import { ask, elect, predictWith } from '../../src/operators/operators.ts';
import { budget, cache, concurrency, retry, timeout } from '../../src/policies/policies.ts';
import { providerModel } from '../../src/providers/provider-model.ts';

/** A model that never answers, and why its calls were cancelled. */
const hung = (id = 'hung') => {
  const reasons: unknown[] = [];
  const listen = (signal: AbortSignal): Promise<never> => {
    signal.addEventListener('abort', () => reasons.push(signal.reason));
    return new Promise(() => undefined);
  };
  const own = defineModel(id, (_, { signal }) => listen(signal));
  const provided = providerModel({
    id,
    provider: 'test',
    modelId: id,
    connect: async () => undefined,
    ask: (_, { signal }) => listen(signal),
    toError: () => new ModelError(id, 'no'),
    secrets: [],
    settings: {},
    carries: new Set(),
    takes: new Set(),
    hasNoConfidence: false,
  });
  return { own, provided, reasons };
};
/** Lets calls begin that only wait for promises. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const quick = defineModel('quick', () => settle().then(() => '4'));

interface Case {
  readonly cause: AbortReason['cause'];
  readonly options?: Partial<EnsembleOptions>;
  /** Ends the prediction. Default: it ends by itself. */
  readonly end?: (model: Model, options: Partial<EnsembleOptions>) => unknown;
}

const ensembleOf = (model: Model, options: Partial<EnsembleOptions> = {}) =>
  createEnsemble({ models: [model, quick], minResponses: 1, ...options } as EnsembleOptions);

const unsubscribed = async (source$: Observable<unknown>): Promise<void> => {
  const subscription = source$.subscribe({ error: () => undefined });
  await settle();
  subscription.unsubscribe();
};
const thrown = (): never => {
  throw new RangeError('a bug');
};

const cases: Readonly<Record<string, Case>> = {
  'the vote is decided': { cause: 'stopped-early', options: { earlyStop: 0.5 } },
  'the deadline passes': { cause: 'deadline', options: { deadlineMs: 5 } },
  'the time limit passes': { cause: 'timeout', options: { timeoutMs: 5 } },
  'the time limit of a policy passes': {
    cause: 'timeout',
    end: (model, options) => ensembleOf(timeout(5)(model), options).predict('?'),
  },
  'the time limit of an attempt passes': {
    cause: 'timeout',
    end: (model, options) =>
      ensembleOf(retry({ maxAttempts: 2, baseDelayMs: 0 })(timeout(5)(model)), options).predict('?'),
  },
  'the caller unsubscribes': {
    cause: 'caller-left',
    end: (model, options) => unsubscribed(ensembleOf(model, options).predict$('?')),
  },
  'the caller of `ask` unsubscribes': {
    cause: 'caller-left',
    end: (model) => unsubscribed(ask(model, '?')),
  },
  'the caller leaves a stream': {
    cause: 'caller-left',
    async end(model, options) {
      for await (const { type } of ensembleOf(model, options).stream('?')) {
        await settle();
        if (type === 'response') break;
      }
    },
  },
  'the caller leaves many predictions': {
    cause: 'caller-left',
    async end(model) {
      const models = (query: unknown): readonly Model[] => (query === 'first' ? [quick] : [model]);
      for await (const _ of createEnsemble({ models }).predictAll(['first', 'second'])) {
        await settle();
        break;
      }
    },
  },
  'another of many predictions fails': {
    cause: 'source-ended',
    async end(model) {
      const broken = defineModel('broken', async () => settle().then(thrown));
      const models = (query: unknown): readonly Model[] => (query === 'first' ? [broken] : [model]);
      await Array.fromAsync(
        createEnsemble({ models }).predictAll(['first', 'second'], { onError: 'throw' }),
      ).catch(() => undefined);
    },
  },
  'the source of predictWith fails': {
    cause: 'source-ended',
    async end(model, options) {
      const source$ = concat(of('?'), defer(settle).pipe(map(thrown)));
      await lastValueFrom(source$.pipe(predictWith(ensembleOf(model, options)))).catch(() => undefined);
    },
  },
  'another prediction of predictWith fails': {
    cause: 'source-ended',
    async end(model, options) {
      const source$ = concat(of('?'), defer(settle).pipe(map(() => 5 as never)));
      const predict = predictWith(ensembleOf(model, options), { ordered: false });
      await lastValueFrom(source$.pipe(predict)).catch(() => undefined);
    },
  },
  'the caller of predictWith unsubscribes': {
    cause: 'caller-left',
    end: (model, options) => unsubscribed(of('?').pipe(predictWith(ensembleOf(model, options)))),
  },
  'an operator unsubscribes a call of `ask`': {
    cause: 'caller-left',
    end: (model) =>
      lastValueFrom(
        merge(ask(quick, '?'), ask(model, '?', { index: 1 })).pipe(
          elect({ voter: majority(), stopWhen: ({ successes }) => successes > 0 }),
        ),
      ),
  },
  'the schedule ends': {
    cause: 'overtaken',
    options: { execution: { schedule: (calls) => merge(...calls).pipe(take(1)) } },
  },
  'a voter throws': { cause: 'source-ended', options: { strategy: { ...majority(), add: thrown } } },
};

describe('the signal of a call', () => {
  const rows = Object.entries(cases).flatMap(([name, each]) =>
    (['own', 'provided'] as const).map((kind) => ({ name, kind, ...each })),
  );

  it.each(rows)('says $cause when $name ($kind)', async ({ cause, options = {}, end, kind }) => {
    const { reasons, ...models } = hung();
    const predict = (model: Model) => ensembleOf(model, options).predict('?');
    await Promise.resolve((end ?? predict)(models[kind], options)).catch(() => undefined);
    expect(reasons.length).toBeGreaterThan(0);
    for (const reason of reasons) {
      expect(reason).toBeInstanceOf(DOMException);
      expect(reason).toMatchObject({ name: 'AbortError', cause });
    }
  });

  it('says overtaken to the calls that a hedge has overtaken', async () => {
    const { own, reasons } = hung();
    let calls = 0;
    const model: Model = {
      id: 'slow',
      call: (request) => {
        calls += 1;
        return calls === 1 ? own.call(request) : quick.call(request);
      },
    };
    const execution = hedgeEach({ hedgeDelayMs: 1 })(parallel());
    await createEnsemble({ models: [model], execution }).predict('?');
    expect(reasons).toMatchObject([{ cause: 'overtaken' }]);
  });

  it.each([undefined, null, 'a text', new RangeError('of the caller'), { odd: true }])(
    'has the reason of the caller’s own signal: %o',
    async (reason) => {
      const { own, provided, reasons } = hung();
      const controller = new AbortController();
      const { signal } = controller;
      const ends = [
        createEnsemble({ models: [own] }).predict('?', { signal }),
        createEnsemble({ models: [provided], execution: sequential() }).predict('?', { signal }),
        Array.fromAsync(createEnsemble({ models: [own] }).predictAll(['?'], { signal })),
        Array.fromAsync(createEnsemble({ models: [own] }).stream('?', { signal })),
        lastValueFrom(of('?').pipe(predictWith(createEnsemble({ models: [own] }), { signal }))),
      ].map((end: Promise<unknown>) => end.catch(() => undefined));
      await settle();
      controller.abort(reason);
      await Promise.all(ends);
      expect(reasons).toHaveLength(5);
      for (const each of reasons) expect(each).toBe(signal.reason);
    },
  );

  it.each([
    ['cache', cache()],
    [
      'budget',
      budget({
        perPredictionUsd: 9,
        maxOutputTokens: 1,
        pricing: { priceOf: () => ({ usd: 1 }), countTokens: () => 1 },
      }),
    ],
    ['concurrency', concurrency({ maxConcurrent: 1 })],
    ['journaled', journaled({ journal: memoryJournal() })],
    ['an ensemble as a model', (model: Model) => createEnsemble({ models: [model] }).asModel('inner')],
  ] as const)('is passed on through %s', async (_, policy) => {
    const { own, reasons } = hung();
    // On a busy machine the deadline may pass before there is a vote.
    await ensembleOf(policy(own), { deadlineMs: 10 })
      .predict('?')
      .catch(() => undefined);
    expect(reasons).toMatchObject([{ cause: 'deadline' }]);
  });

  it('has one reason for each cause, because a new one has a stack trace', async () => {
    const { own, reasons } = hung();
    const { predict } = ensembleOf(own, { earlyStop: 0.5 });
    await predict('?');
    await predict('?');
    expect(reasons[0]).toBe(reasons[1]);
  });

  it('says so when it is read for the first time after the end', async () => {
    const seen: unknown[] = [];
    const late = defineModel('late', async (_, context) => {
      await settle();
      await settle();
      seen.push(context.signal.reason);
      return '5';
    });
    await ensembleOf(late, { earlyStop: 0.5 }).predict('?');
    await settle();
    await settle();
    await settle();
    expect(seen).toMatchObject([{ cause: 'stopped-early' }]);
  });
});
