import { describe, expect, it } from 'vitest';
import {
  type ExperimentOptions,
  memoryJournal,
  type Question,
  runExperiment,
  SpendingLimitError,
  type Trial,
} from '../../src/experiment/experiment.ts';
import { ConfigError, defineModel, type Model, RateLimitError } from '../../src/index.ts';
import { budget, spendingCap } from '../../src/policies/policies.ts';
import { faultsOf } from '../faults-of.ts';

const dataset = Array.from(
  { length: 20 },
  (_, n): Question => ({ id: `q${n}`, question: `What is ${n} + 1?`, expected: n + 1 }),
);
const pricing = { priceOf: () => ({ usd: 0.1 }), countTokens: (text: string) => text.length };

const counting = (id: string, answer: (prompt: string, call: number) => string = (prompt) => prompt) => {
  const prompts: string[] = [];
  const model = defineModel(id, (prompt) => {
    prompts.push(prompt);
    return { text: answer(prompt, prompts.length), costUsd: 0.1 };
  });
  return { model, prompts };
};

/** Runs an experiment to its end, and returns its trials and the error that ended it. */
const ended = async (options: Partial<ExperimentOptions>): Promise<{ trials: Trial[]; error: unknown }> => {
  const trials: Trial[] = [];
  try {
    for await (const trial of runExperiment({ dataset, conditions: {}, scorer: 'none', ...options }))
      trials.push(trial);
    return { trials, error: undefined };
  } catch (error) {
    return { trials, error };
  }
};

describe('the policies of an experiment', () => {
  it('apply to the calls that are made, once for all conditions', async () => {
    const { model, prompts } = counting('flaky', (prompt, call) => {
      if (call === 1) throw new RateLimitError('flaky', 'too many', { isRetryable: true, retryAfterMs: 0 });
      return prompt;
    });
    const { trials, error } = await ended({
      dataset: dataset.slice(0, 2),
      conditions: { a: { models: [model] }, b: { models: [model], strategy: 'unanimous' } },
      retry: { maxAttempts: 2, baseDelayMs: 0 },
    });
    expect(error).toBeUndefined();
    expect(prompts).toHaveLength(3);
    expect(trials.map(({ result }) => result.outcomes[0]?.status)).toEqual([
      'answered',
      'answered',
      'answered',
      'answered',
    ]);
  });

  it('limit the calls in flight to a provider, whatever the number of questions', async () => {
    let [inFlight, most] = [0, 0];
    const slow: Model = defineModel('slow', async () => {
      inFlight += 1;
      most = Math.max(most, inFlight);
      await Promise.resolve();
      await new Promise((resolve) => setImmediate(resolve));
      inFlight -= 1;
      return '1';
    });
    const conditions = { a: { models: [slow] } };
    expect((await ended({ conditions })).error).toBeUndefined();
    expect(most).toBeGreaterThan(2);
    most = 0;
    expect((await ended({ conditions, providerConcurrency: 2 })).error).toBeUndefined();
    expect(most).toBe(2);
  });

  it('have no part in the key of a call', async () => {
    const { model, prompts } = counting('a');
    const options = { conditions: { a: { models: [model] } }, journal: memoryJournal(), pricing };
    await ended(options);
    await ended({
      ...options,
      retry: true,
      budget: { caps: [spendingCap({ maxUsd: 9 })], maxOutputTokens: 50 },
    });
    expect(prompts).toHaveLength(20);
  });

  it.each([
    [
      { retry: 3 },
      /runExperiment: option "retry" must be true, options of retry, or a policy, but got 3; did you mean/,
    ],
    [{ retry: { maxAttempts: 0 } }, /retry: option "maxAttempts" must be/],
    [{ budget: { maxOutputTokens: 5 } }, /budget: one of "caps" and "perPredictionUsd" must be given/],
    [
      { budget: { perPredictionUsd: 1 } },
      /"perPredictionUsd" has no effect, because predictions share their calls/,
    ],
    [
      { budget: { caps: [spendingCap({ maxUsd: 1 })] } },
      /the most that a call of model "a" can cost is unknown/,
    ],
    [{ providerConcurrency: true }, /runExperiment: option "providerConcurrency" must be a number of calls/],
  ])('are checked at once: %j', (policies, message) => {
    const { model } = counting('a');
    const run = () =>
      runExperiment({ dataset, conditions: { a: { models: [model] } }, pricing, ...(policies as object) });
    expect(run).toThrow(ConfigError);
    expect(run).toThrow(message);
  });

  it.each([
    ['retry', 'set "retry" of the experiment'],
    ['budget', 'set "budget" of the experiment'],
    ['concurrency', 'set "providerConcurrency" of the experiment'],
    ['cache', 'each of them is made once, so remove it'],
  ])('are none of a condition: %s', (policy, fix) => {
    for (const value of [true, { maxUsd: 1 }, 'on']) {
      const conditions = { a: { models: [counting('a').model], [policy]: value } };
      expect(faultsOf(() => runExperiment({ dataset, conditions }))).toStrictEqual([
        `runExperiment: condition "a": option "${policy}" applies to real calls, which all conditions share; ${fix}`,
      ]);
    }
  });
});

describe('an experiment with a cap', () => {
  const capped = (maxUsd: number) => ({
    budget: { caps: [spendingCap({ maxUsd })], maxOutputTokens: 50 },
    pricing,
  });

  it('ends before it spends more, and goes on from its journal', async () => {
    const { model, prompts } = counting('a');
    const options = { conditions: { a: { models: [model] } }, journal: memoryJournal(), concurrency: 3 };
    const first = await ended({ ...options, ...capped(0.55) });
    expect(first.error).toBeInstanceOf(SpendingLimitError);
    expect(first.error).toMatchObject({
      maxUsd: 0.55,
      spentUsd: 0.5,
      cause: { name: 'BudgetExceededError' },
    });
    expect(String(first.error)).toContain(
      'the limit of $0.55 is reached: $0.50 is spent, and a call of "a" may cost $0.10. The experiment stopped before it asked the other questions. Raise the limit, or lower "maxOutputTokens", and run it again to continue: the other calls are recorded',
    );
    expect(prompts).toHaveLength(5);
    expect(first.trials.map(({ question }) => question.id)).toEqual(['q0', 'q1', 'q2', 'q3', 'q4']);
    const second = await ended({ ...options, ...capped(9) });
    expect(second.error).toBeUndefined();
    expect(second.trials).toHaveLength(20);
    expect(prompts).toHaveLength(20);
  });

  it('has no trial of a question of which a call was refused', async () => {
    const models = ['a', 'b', 'c'].map((id) => counting(id).model);
    const { trials, error } = await ended({
      conditions: { all: { models } },
      concurrency: 1,
      ...capped(0.85),
    });
    expect(error).toBeInstanceOf(SpendingLimitError);
    expect(trials.map(({ result }) => result.outcomes.map(({ status }) => status))).toEqual([
      ['answered', 'answered', 'answered'],
      ['answered', 'answered', 'answered'],
    ]);
  });

  it('goes on if a price is unknown, which is no end of the money', async () => {
    const [known, unknown] = [counting('known').model, counting('unknown')];
    const prices = {
      ...pricing,
      priceOf: ({ id }: { id: string }) => (id === 'known' ? { usd: 0.1 } : undefined),
    };
    const { trials, error } = await ended({
      conditions: { all: { models: [known, unknown.model] } },
      ...capped(9),
      pricing: prices,
    });
    expect(error).toBeUndefined();
    expect(unknown.prompts).toHaveLength(0);
    expect(trials).toHaveLength(20);
  });

  it('goes on if the budget of one model is spent, which is a matter of that model', async () => {
    const own = budget({ caps: [spendingCap({ maxUsd: 0.15 })], maxOutputTokens: 50, pricing });
    const models = [own(counting('a').model), counting('b').model];
    const { trials, error } = await ended({ conditions: { all: { models } }, ...capped(9) });
    expect(error).toBeUndefined();
    expect(trials).toHaveLength(20);
  });
});
