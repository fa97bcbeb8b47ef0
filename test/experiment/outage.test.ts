import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import {
  type ExperimentOptions,
  type ExperimentProgress,
  journaled,
  judge,
  ModelUnavailableError,
  memoryJournal,
  runExperiment,
  type Trial,
} from '../../src/experiment/experiment.ts';
import { outageWatch } from '../../src/experiment/outage-watch.ts';
import {
  AuthenticationError,
  ConnectionError,
  createEnsemble,
  defineModel,
  InvalidRequestError,
  type Model,
  ModelError,
  ProviderError,
  RateLimitError,
  TimeoutError,
} from '../../src/index.ts';

const sums = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    id: `q${index}`,
    question: `${index} + 0?`,
    expected: index,
  }));

/** Reads trials until the experiment ends, and returns them with its error. */
const endOf = async (options: ExperimentOptions) => {
  const trials: Trial[] = [];
  try {
    for await (const trial of runExperiment(options)) trials.push(trial);
    return { trials };
  } catch (error) {
    return { trials, error: error as ModelUnavailableError };
  }
};

/** A model that fails with the errors that `errorOf` returns by the number of the call, and counts its calls. */
const failing = (id: string, errorOf: (call: number, question: string) => unknown, text = '4') => {
  let calls = 0;
  const model = defineModel(id, (question) => {
    calls += 1;
    const error = errorOf(calls, question);
    if (error !== undefined) throw error;
    return { text, costUsd: 0.25 };
  });
  return { model, calls: () => calls };
};

const refused = Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNREFUSED' } });
const outages: Readonly<Record<string, () => unknown>> = {
  'a rejected key': () => new AuthenticationError('m', 'the key is wrong', { status: 401 }),
  'a forbidden model': () => new AuthenticationError('m', 'denied', { status: 403 }),
  'an unknown model': () => new InvalidRequestError('m', 'no such model', { status: 404 }),
  'no credit': () => new InvalidRequestError('m', 'payment required', { status: 402 }),
  'a quota that is used up': () => new RateLimitError('m', 'quota', { isRetryable: false }),
  'a connection that was never opened': () => new ConnectionError('m', 'failed', { costUsd: 0 }),
  'a refused connection of fetch': () => refused,
  'a host that is not found': () => Object.assign(new Error('no'), { code: 'ENOTFOUND' }),
};

const transient: Readonly<Record<string, () => unknown>> = {
  'a rate limit': () => new RateLimitError('m', 'slow down'),
  'a timeout': () => new TimeoutError('m', 5),
  'a failure of the provider': () => new ProviderError('m', 'is down', { status: 503 }),
  'an invalid request': () => new InvalidRequestError('m', 'too long', { status: 400 }),
  'a broken connection': () => new ConnectionError('m', 'reset'),
  'another error': () => new RangeError('bug'),
};

describe('an experiment with a model that is out of reach', () => {
  it.each(Object.entries(outages))('stops for %s, and says which model and why', async (_, errorOf) => {
    const bad = failing('bad', errorOf);
    const good = failing('good', () => undefined);
    const journal = memoryJournal();
    const { trials, error } = await endOf({
      dataset: sums(1000),
      conditions: { bad: { models: [bad.model] }, good: { models: [good.model] } },
      journal,
      concurrency: 2,
    });
    expect(error).toBeInstanceOf(ModelUnavailableError);
    expect(error).toMatchObject({
      name: 'ModelUnavailableError',
      model: 'bad',
      questions: 3,
      isRetryable: false,
    });
    expect(error?.message).toMatch(
      /^model "bad" cannot be used: its calls for 3 questions in a row failed, the last with \w+: .*run it again to continue: the other calls are recorded$/,
    );
    expect(bad.calls()).toBeLessThanOrEqual(4);
    expect(good.calls()).toBeLessThanOrEqual(4);
    // What is done is there, and what was paid for is recorded.
    expect(trials.length).toBeGreaterThanOrEqual(4);
    expect(
      trials.filter(({ condition }) => condition === 'good').every(({ result }) => 'answer' in result),
    ).toBe(true);
    expect(journal.count).toBe(bad.calls() + good.calls());
  });

  it.each(Object.entries(transient))('goes on after %s', async (_, errorOf) => {
    const { model } = failing('m', errorOf);
    const { trials, error } = await endOf({ dataset: sums(40), conditions: { m: { models: [model] } } });
    expect([trials.length, error]).toStrictEqual([40, undefined]);
  });

  describe.each(['as it is', 'journaled'])('as a judge, %s', (way) => {
    const judgedBy = async (errorOf: () => unknown) => {
      const grader = failing('grader', errorOf);
      const member = failing('member', () => undefined);
      const model =
        way === 'journaled' ? journaled({ journal: memoryJournal() })(grader.model) : grader.model;
      const ended = await endOf({
        dataset: sums(40),
        conditions: { m: { models: [member.model] } },
        scorer: judge({ ensemble: createEnsemble({ models: [model] }) }),
        concurrency: 1,
      });
      return { ...ended, calls: member.calls() };
    };

    it.each(Object.entries(outages))('stops for %s', async (_, errorOf) => {
      const { error, calls } = await judgedBy(errorOf);
      expect(error).toMatchObject({ name: 'ModelUnavailableError', model: 'grader', questions: 3 });
      expect(calls).toBeLessThanOrEqual(5);
    });

    it.each(Object.entries(transient))('goes on after %s', async (_, errorOf) => {
      const { trials, error } = await judgedBy(errorOf);
      expect([trials.length, error]).toStrictEqual([40, undefined]);
    });
  });

  it('completes the calls in flight, which are paid for', async () => {
    vi.useFakeTimers();
    let ended = 0;
    const slow: Model = defineModel('slow', async () => {
      await new Promise((resolve) => setTimeout(resolve, 5000));
      ended += 1;
      return '4';
    });
    const bad = failing('bad', outages['a rejected key'] as () => unknown);
    const journal = memoryJournal();
    const ending = endOf({
      dataset: sums(1000),
      conditions: { both: { models: [slow, bad.model], minResponses: 1 } },
      journal,
      concurrency: 5,
    });
    await vi.advanceTimersByTimeAsync(6000);
    vi.useRealTimers();
    const { trials, error } = await ending;
    expect(error).toBeInstanceOf(ModelUnavailableError);
    expect([ended, trials.length, journal.count]).toStrictEqual([5, 5, 10]);
  });

  it('makes no further call for the questions in progress', async () => {
    const bad = failing('bad', outages['a rejected key'] as () => unknown);
    const next = failing('next', () => undefined);
    const conditions = { one: { models: [bad.model, next.model], execution: 'sequential' as const } };
    const counts: number[] = [];
    const onProgress = ({ calls, failures }: ExperimentProgress) => counts.push(calls, failures);
    const { error } = await endOf({ dataset: sums(100), conditions, concurrency: 3, onProgress });
    expect(error).toMatchObject({ model: 'bad' });
    // They count although no question may be complete.
    expect(counts.slice(-2)).toStrictEqual([3 + next.calls(), 3]);
    expect(bad.calls()).toBe(3);
    expect(next.calls()).toBeLessThan(3);
  });

  it('does not count the samples of one question', async () => {
    const moderated = failing('m', (_, question) =>
      question.startsWith('0') ? new AuthenticationError('m', 'flagged', { status: 403 }) : undefined,
    );
    const conditions = { m: { models: [moderated.model], samples: 8, minResponses: 1 } };
    const { trials, error } = await endOf({ dataset: sums(5), conditions });
    expect([trials.length, error]).toStrictEqual([5, undefined]);
  });

  it('needs more failures in a row once the model has answered', async () => {
    const conditionsWith = (from: number, count: number) => {
      const { model } = failing('m', (call) =>
        call > from && call <= from + count ? new AuthenticationError('m', 'no') : undefined,
      );
      return { m: { models: [model] } };
    };
    const blip = await endOf({ dataset: sums(50), conditions: conditionsWith(5, 9), concurrency: 1 });
    expect([blip.trials.length, blip.error]).toStrictEqual([50, undefined]);
    const revoked = await endOf({ dataset: sums(50), conditions: conditionsWith(5, 40), concurrency: 1 });
    expect(revoked.error).toMatchObject({ questions: 10 });
    expect(revoked.trials).toHaveLength(15);
  });

  it('is ended by its error alone, so that it closes its dataset', async () => {
    let isClosed = false;
    const dataset = {
      *[Symbol.iterator]() {
        try {
          yield* sums(100);
        } finally {
          isClosed = true;
        }
      },
    };
    const { model } = failing('bad', outages['a rejected key'] as () => unknown);
    await endOf({ dataset, conditions: { bad: { models: [model] } } });
    expect(isClosed).toBe(true);
  });

  it('says that the calls are not recorded if there is no journal', async () => {
    const { model } = failing('bad', outages['a rejected key'] as () => unknown);
    const { error } = await endOf({ dataset: sums(9), conditions: { bad: { models: [model] } } });
    expect(error?.message).toMatch(/or leave the model out, and run it again$/);
  });
});

describe('outageWatch', () => {
  const error = new AuthenticationError('m', 'no');

  it('counts questions in a row, for each model', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('outage', 'answer', 'other'), { maxLength: 40 }), (ends) => {
        const watch = outageWatch();
        let [row, hasAnswered] = [0, false];
        ends.forEach((end, index) => {
          const failure = { outage: error, answer: undefined, other: new ModelError('m', 'x') }[end];
          const told = watch.note('m', `q${index}`, failure);
          if (end === 'answer') hasAnswered = true;
          row = end === 'outage' ? row + 1 : 0;
          expect(told).toBe(row >= (hasAnswered ? 10 : 3) ? row : undefined);
          expect(watch.note(`other-${index}`, 'q', failure)).toBeUndefined();
        });
      }),
      { seed: 13, numRuns: 200 },
    );
  });
});
