import fc from 'fast-check';
import { EMPTY, finalize, merge, mergeMap, NEVER, type Observable, of, throwError, timer } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, it } from 'vitest';
import {
  cascade,
  createEnsemble,
  defineModel,
  type EnsembleOptions,
  hedged,
  hedgeEach,
  type Model,
  type ModelResponse,
  NoPredictionError,
  type Outcome,
  type Prediction,
  parallel,
  sequential,
} from '../../src/index.ts';

/** What a model is going to do. */
interface Plan {
  readonly afterMs: number | 'at once';
  readonly does: 'answer' | 'abstain' | 'fail' | 'end' | 'hang';
  readonly text: string;
  readonly confidence: number | undefined;
  readonly costUsd: number | undefined;
}

const plan: fc.Arbitrary<Plan> = fc.record({
  afterMs: fc.oneof(fc.constant('at once' as const), fc.integer({ min: 0, max: 12 })),
  does: fc.oneof(
    { weight: 6, arbitrary: fc.constant('answer' as const) },
    {
      weight: 4,
      arbitrary: fc.constantFrom('abstain' as const, 'fail' as const, 'end' as const, 'hang' as const),
    },
  ),
  text: fc.constantFrom('4', '5'),
  confidence: fc.option(fc.constantFrom(0.2, 0.8, 0.95), { nil: undefined }),
  costUsd: fc.option(fc.constantFrom(0, 0.25, 1), { nil: undefined }),
});

const deeds: Readonly<Record<Plan['does'], (plan: Plan) => Observable<ModelResponse>>> = {
  answer: ({ text, confidence, costUsd }) => of({ text, confidence, costUsd }),
  abstain: ({ costUsd }) => of({ text: ' ', costUsd }),
  fail: () => throwError(() => new Error('unreachable')),
  end: () => EMPTY,
  hang: () => NEVER,
};

/** What the models saw: which of them were asked, and in which of these calls they were let go of. */
interface Traffic {
  readonly started: string[];
  readonly ended: string[];
}

const modelOf = (planned: Plan, index: number, { started, ended }: Traffic): Model =>
  defineModel(`m${index}`, () => {
    started.push(`m${index}`);
    const response$ = deeds[planned.does](planned);
    const wait$ = planned.afterMs === 'at once' ? of(0) : timer(planned.afterMs);
    return wait$.pipe(
      mergeMap(() => response$),
      finalize(() => ended.push(`m${index}`)),
    );
  });

const executions: Readonly<Record<string, EnsembleOptions['execution']>> = {
  parallel: 'parallel',
  sequential: sequential({ minConsensus: 0.6 }),
  hedged: hedged({ hedgeDelayMs: 4, maxHedges: 3 }),
  'hedged to the same': hedged({ hedgeDelayMs: 4, maxHedges: 3, to: 'same' }),
  'a hedged panel': hedgeEach({ hedgeDelayMs: 4, maxHedges: 2 })(parallel()),
  cascade: cascade({ confidenceThreshold: 0.9 }),
  'two at a time': { schedule: (calls) => merge(...calls, 2) },
};

const earlyStops: Readonly<Record<string, EnsembleOptions['earlyStop']>> = {
  off: false,
  decided: 'decided',
  'a share': 0.6,
};

interface Run extends Traffic {
  readonly prediction: Prediction | undefined;
  readonly outcomes: readonly Outcome[];
}

/** One prediction in virtual time, from start to end. */
const run = (plans: readonly Plan[], options: Omit<EnsembleOptions, 'models'>): Run =>
  new TestScheduler(() => {}).run(({ flush }) => {
    const traffic: Traffic = { started: [], ended: [] };
    const models = plans.map((planned, index) => modelOf(planned, index, traffic));
    let prediction: Prediction | undefined;
    let outcomes: readonly Outcome[] | undefined;
    createEnsemble({ models, timeoutMs: 10, minResponses: 1, ...options })
      .predict$('?')
      .subscribe({
        next: (value) => {
          prediction = value;
          outcomes = value.outcomes;
        },
        error: (error) => {
          expect(error).toBeInstanceOf(NoPredictionError);
          outcomes = error.outcomes;
        },
      });
    flush();
    if (outcomes === undefined) throw new Error('neither a prediction nor an error');
    return { ...traffic, prediction, outcomes };
  });

const predictions = fc
  .record({
    plans: fc.array(plan, { minLength: 1, maxLength: 6 }),
    execution: fc.constantFrom(...Object.keys(executions)),
    earlyStop: fc.constantFrom(...Object.keys(earlyStops)),
    strategy: fc.constantFrom('majority' as const, 'weighted' as const, 'bestConfidence' as const),
  })
  .map(({ plans, execution, earlyStop, strategy }) => ({
    plans,
    options: {
      execution: executions[execution] ?? 'parallel',
      earlyStop: earlyStops[earlyStop] ?? false,
      strategy,
    },
  }));

describe('the account of a prediction', () => {
  it('has every call that was started exactly once, and each of them has ended', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(predictions, ({ plans, options }) => {
        const { started, ended, outcomes } = run(plans, options);
        expect(outcomes.map(({ model }) => model)).toStrictEqual(started.toSorted());
        expect(ended.toSorted()).toStrictEqual(started.toSorted());
        expect(outcomes.map(({ index }) => `m${index}`)).toStrictEqual(outcomes.map(({ model }) => model));
        for (const { status } of outcomes) seen.add(status);
      }),
      { numRuns: 1000 },
    );
    expect([...seen].toSorted()).toStrictEqual(['abstained', 'answered', 'cancelled', 'failed']);
  });

  it('says of each call what became of it, and when', () => {
    fc.assert(
      fc.property(predictions, ({ plans, options }) => {
        for (const { status, index, latencyMs } of run(plans, options).outcomes) {
          const { does, afterMs } = plans[index] as Plan;
          const expectedMs = does === 'hang' ? Infinity : afterMs === 'at once' ? 0 : afterMs;
          if (status === 'answered') expect(does).toBe('answer');
          if (status === 'abstained') expect(does).toBe('abstain');
          if (status === 'failed' && expectedMs < 10) expect(['fail', 'end']).toContain(does);
          if (status === 'cancelled') expect(latencyMs).toBeLessThanOrEqual(Math.min(expectedMs, 10));
          else expect(latencyMs).toBe(Math.min(expectedMs, 10));
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('adds up: the counts are those of the outcomes, the costs those that are known', () => {
    fc.assert(
      fc.property(predictions, ({ plans, options }) => {
        const { prediction, outcomes } = run(plans, options);
        if (prediction === undefined) return;
        const { metadata } = prediction;
        const count = (status: string) => outcomes.filter((outcome) => outcome.status === status).length;
        expect(metadata).toMatchObject({
          successes: count('answered'),
          abstentions: count('abstained'),
          failures: count('failed'),
          cancelled: count('cancelled'),
          modelsUsed: [...new Set(outcomes.map(({ model }) => model))],
        });
        const answered = outcomes.filter(({ status }) => status === 'answered' || status === 'abstained');
        const known = answered.flatMap(({ index }) => plans[index]?.costUsd ?? []);
        const sum = known.reduce((total, costUsd) => total + costUsd, 0);
        expect(metadata.costUsd).toBe(known.length === 0 ? undefined : sum);
        const source =
          known.length === 0 ? 'unknown' : known.length === outcomes.length ? 'reported' : 'partial';
        expect(metadata.costSource).toBe(source);
        const breakdown = Object.values(metadata.costBreakdown);
        expect(breakdown.reduce((total: number, costUsd) => total + (costUsd ?? 0), 0)).toBe(sum);
        expect(Object.keys(metadata.costBreakdown)).toStrictEqual(metadata.modelsUsed);
      }),
      { numRuns: 1000 },
    );
  });

  it('is the same for every run of the same models', () => {
    fc.assert(
      fc.property(predictions, ({ plans, options }) => {
        const [first, second] = [run(plans, options), run(plans, options)];
        expect(JSON.stringify(second)).toBe(JSON.stringify(first));
      }),
    );
  });

  it('comes with the error where no prediction is possible', async () => {
    const models = [
      defineModel('a', () => ({ text: ' ', costUsd: 0.25 })),
      defineModel('b', () => Promise.reject(new Error('unreachable'))),
    ];
    const error = await createEnsemble({ models })
      .predict('?')
      .catch((reason) => reason);
    expect(error).toBeInstanceOf(NoPredictionError);
    expect(error.name).toBe('InsufficientResponsesError');
    expect(error.outcomes).toMatchObject([
      { model: 'a', status: 'abstained', costUsd: 0.25, costSource: 'reported' },
      { model: 'b', status: 'failed', costUsd: undefined, costSource: 'unknown' },
    ]);
  });

  it('takes a cost of 0 for known, and an unknown cost for no 0', async () => {
    const free = defineModel('free', () => ({ text: '4', costUsd: 0 }));
    const silent = defineModel('silent', () => '4');
    const metadataOf = async (...models: Model[]) => (await createEnsemble({ models }).predict('?')).metadata;
    expect(await metadataOf(free)).toMatchObject({
      costUsd: 0,
      costSource: 'reported',
      costBreakdown: { free: 0 },
    });
    expect(await metadataOf(silent)).toMatchObject({ costUsd: undefined, costSource: 'unknown' });
    expect(await metadataOf(free, silent)).toMatchObject({
      costUsd: 0,
      costSource: 'partial',
      costBreakdown: { free: 0, silent: undefined },
    });
  });
});
