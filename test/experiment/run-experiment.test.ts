import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import { defer, NEVER, Observable, of, throwError, timer } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { JournalWriteError } from '../../src/domain/errors.ts';
import {
  callKey,
  type ExperimentOptions,
  type ExperimentProgress,
  type Journal,
  type JournalEntry,
  matrix,
  memoryJournal,
  type Question,
  recordedModel,
  rescore,
  runExperiment,
  type Trial,
} from '../../src/experiment/experiment.ts';
import {
  CancelledError,
  ConfigError,
  cascade,
  createEnsemble,
  defineModel,
  type EnsembleOptions,
  type ExecutionName,
  hedged,
  type Model,
  ModelError,
  type ModelResponse,
  sequential,
  simulated,
  UserCodeError,
} from '../../src/index.ts';

/** A model that counts who asks it. */
const counted = (id: string, answer: (question: string) => string = () => '4') => {
  const asked: string[] = [];
  const model = defineModel(id, (question) => {
    asked.push(question);
    return { text: answer(question), costUsd: 0.25 };
  });
  return { model, asked };
};

const sums = (count: number): Question[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `q${index}`,
    question: `What is ${index} + ${index}?`,
    expected: 2 * index,
  }));

const all = (options: ExperimentOptions): Promise<Trial[]> => Array.fromAsync(runExperiment(options));

/** What was seen in trials: everything that does not depend on when it was. */
const seen = (trials: readonly Trial[]) =>
  trials.map(({ condition, question, result, score }) => [
    condition,
    question.id,
    score,
    'metadata' in result ? result.answer : result.name,
    'metadata' in result ? result.metadata : result.message,
    result.outcomes.map(({ model, status, latencyMs }) => [model, status, latencyMs]),
  ]);

describe('runExperiment', () => {
  it('yields a trial for each question and condition, in the order of both', async () => {
    const models = [simulated({ id: 'a', accuracy: 1 }), simulated({ id: 'b', accuracy: 0 })];
    const trials = await all({
      dataset: sums(3),
      conditions: {
        right: { models: models.slice(0, 1), normalization: 'numeric' },
        wrong: { models: models.slice(1), normalization: 'numeric' },
      },
    });
    expect(trials.map(({ question, condition, score }) => [question.id, condition, score])).toStrictEqual([
      ['q0', 'right', 1],
      ['q0', 'wrong', 0],
      ['q1', 'right', 1],
      ['q1', 'wrong', 0],
      ['q2', 'right', 1],
      ['q2', 'wrong', 0],
    ]);
  });

  it('asks a model once, however many conditions want its answer', async () => {
    const a = counted('a');
    const b = counted('b');
    const conditions = matrix({
      models: [[a.model], [a.model, b.model]],
      execution: ['parallel', 'sequential', 'hedged', 'cascade'],
    });
    expect(await all({ dataset: sums(5), conditions })).toHaveLength(40);
    expect([a.asked.length, b.asked.length]).toStrictEqual([5, 5]);
  });

  it('asks only those models that a condition gets to', async () => {
    const sure = defineModel('sure', () => ({ text: '4', confidence: 0.99 }));
    const spare = counted('spare');
    const conditions = { cascade: { models: [sure, spare.model], execution: 'cascade' as const } };
    const [trial] = await all({ dataset: sums(1), conditions });
    expect(trial?.result.outcomes.map(({ model }) => model)).toStrictEqual(['sure']);
    expect(spare.asked).toStrictEqual([]);
  });

  it('asks each sample of a model', async () => {
    const a = counted('a');
    const conditions = { three: { models: [a.model], samples: 3 }, two: { models: [a.model], samples: 2 } };
    const trials = await all({ dataset: sums(1), conditions });
    expect(a.asked).toHaveLength(3);
    expect(trials.map(({ result }) => result.outcomes.length)).toStrictEqual([3, 2]);
  });

  it('takes from the journal what is there, and gives the same trials', async () => {
    const journal = memoryJournal();
    const a = counted('a', (question) => (question.includes('3') ? 'no idea' : '4'));
    const b = counted('b');
    const conditions = matrix({
      models: [[a.model, b.model]],
      execution: ['parallel', hedged({ hedgeDelayMs: 0 }), sequential(), cascade()],
      normalization: ['numeric'],
    });
    const first = await all({ dataset: sums(8), conditions, journal });
    const asked = a.asked.length + b.asked.length;
    const again = await all({ dataset: sums(8), conditions, journal });
    expect(seen(again)).toStrictEqual(seen(first));
    expect(a.asked.length + b.asked.length).toBe(asked);
    expect(journal.count).toBe(asked);
  });

  it('tells apart what was spent and what was recorded', async () => {
    const journal = memoryJournal();
    const { model } = counted('a');
    const conditions = {
      one: { models: [model] },
      same: { models: [model], strategy: 'unanimous' as const },
    };
    const run = async (count: number): Promise<ExperimentProgress[]> => {
      const told: ExperimentProgress[] = [];
      const onProgress = (progress: ExperimentProgress) => told.push(progress);
      await all({ dataset: sums(count), conditions, journal, onProgress });
      return told;
    };
    const first = await run(2);
    const second = await run(3);
    expect(first.map(({ questions }) => questions)).toStrictEqual([1, 2]);
    expect(second.map(({ questions }) => questions)).toStrictEqual([1, 2, 3]);
    const common = { failures: 0, judgeCalls: 0, missing: 0, unsent: 0 };
    expect(first.at(-1)).toStrictEqual({
      ...common,
      questions: 2,
      calls: 2,
      recalled: 0,
      spentUsd: 0.5,
      spentSource: 'reported',
      recordedUsd: undefined,
      recordedSource: 'unknown',
    });
    expect(second.at(-1)).toStrictEqual({
      ...common,
      questions: 3,
      calls: 1,
      recalled: 2,
      spentUsd: 0.25,
      spentSource: 'reported',
      recordedUsd: 0.5,
      recordedSource: 'reported',
    });
  });

  it('says for each condition what it costs by itself, recorded or not', async () => {
    const journal = memoryJournal();
    const { model } = counted('a');
    const options = {
      dataset: sums(1),
      conditions: { a: { models: [model] }, b: { models: [model] } },
      journal,
    };
    const costs = [...(await all(options)), ...(await all(options))].map(
      ({ result }) => 'metadata' in result && result.metadata.costUsd,
    );
    expect(costs).toStrictEqual([0.25, 0.25, 0.25, 0.25]);
  });

  it('records what failed, and asks again when it is next run', async () => {
    const journal = memoryJournal();
    let isDown = true;
    const shaky = defineModel('shaky', () => {
      if (isDown) throw new ModelError('shaky', 'is down', { isRetryable: true, costUsd: 0.5 });
      return '0';
    });
    const options = { dataset: sums(1), conditions: { one: { models: [shaky] } }, journal };
    const [failed] = await all(options);
    expect(failed).toMatchObject({
      score: undefined,
      unscored: '1 call failed',
      result: { name: 'AllModelsFailedError', isRetryable: true },
    });
    expect(failed?.result.outcomes[0]).toMatchObject({ status: 'failed', costUsd: 0.5 });
    // Nothing can be asked: the failure is what there is.
    const [recalled] = await Array.fromAsync(rescore(options));
    expect(recalled?.result.outcomes[0]).toMatchObject({
      error: { message: 'shaky: is down' },
      costUsd: 0.5,
    });
    isDown = false;
    expect(await all(options)).toMatchObject([{ score: 1 }]);
    expect(journal.count).toBe(1);
  });

  it('gives up a call that takes too long, and waits for it in every condition alike', async () => {
    vi.useFakeTimers();
    const journal = memoryJournal();
    const slow: Model = { id: 'slow', call: () => NEVER };
    const quick = defineModel('quick', () => '0');
    const conditions = { both: { models: [slow, quick] }, patient: { models: [slow] } };
    const trials = all({ dataset: sums(1), conditions, journal, timeoutMs: 3000 });
    await expect.poll(() => journal.count).toBe(1);
    await vi.advanceTimersByTimeAsync(3000);
    vi.useRealTimers();
    expect((await trials).map(({ score }) => score)).toStrictEqual([1, undefined]);
    expect(journal.count).toBe(2);
  });

  it('leaves unscored what has no right answer', async () => {
    const { model } = counted('a');
    const [trial] = await all({
      dataset: [{ id: '1', question: 'Why?' }],
      conditions: { one: { models: [model] } },
    });
    expect(trial?.score).toBeUndefined();
  });

  it('answers with the responses of the dataset, sample by sample, and makes no calls', async () => {
    const { model, asked } = counted('a');
    const responses = [
      { model: 'a', text: '5', latencyMs: 100, costUsd: 1 },
      { model: 'b', text: '6', latencyMs: 50 },
      { model: 'a', text: '6', latencyMs: 200 },
    ];
    const dataset = [{ id: '1', question: '3 + 3?', expected: '6', responses }];
    const conditions = { all: { models: [model, recordedModel('b')], samples: 2, minResponses: 1 } };
    const [trial] = await all({ dataset, conditions });
    expect(asked).toStrictEqual([]);
    expect([trial?.score, trial?.unscored]).toStrictEqual([undefined, '1 call is not recorded']);
    expect(trial?.result.outcomes.map(({ status, latencyMs }) => [status, latencyMs])).toStrictEqual([
      ['answered', 100],
      ['answered', 200],
      ['answered', 50],
      ['failed', expect.any(Number)],
    ]);
  });

  it('reads no more questions than it works on', async () => {
    let read = 0;
    const dataset = {
      *[Symbol.iterator]() {
        for (const question of sums(1000)) {
          read += 1;
          yield question;
        }
      },
    };
    let furthest = 0;
    let trials = 0;
    for await (const _ of runExperiment({
      dataset,
      conditions: { a: { models: [counted('a').model] } },
      concurrency: 5,
    })) {
      trials += 1;
      furthest = Math.max(furthest, read - trials);
      if (trials === 100) break;
    }
    expect(furthest).toBeLessThanOrEqual(6);
    expect(read).toBeLessThan(110);
  });

  it('has no more questions out than it was told', async () => {
    let [out, most] = [0, 0];
    const model: Model = {
      id: 'a',
      call: () =>
        defer(() => {
          out += 1;
          most = Math.max(most, out);
          return new Observable<ModelResponse>((subscriber) => {
            const waiting = timer(0).subscribe(() => {
              subscriber.next({ text: '4' });
              subscriber.complete();
            });
            return () => {
              out -= 1;
              waiting.unsubscribe();
            };
          });
        }),
    };
    await all({ dataset: sums(50), conditions: { a: { models: [model] } }, concurrency: 7 });
    expect(most).toBe(7);
  });

  it('refuses policies in a condition, because they apply to real calls', () => {
    const { model } = counted('a');
    const conditions = { a: { models: [model], retry: {} } };
    expect(() => runExperiment({ dataset: sums(1), conditions })).toThrow(
      'runExperiment: condition "a": option "retry" applies to real calls, which all conditions share; set "retry" of the experiment',
    );
  });

  it('draws a sample', async () => {
    const { model } = counted('a');
    const trials = await all({
      dataset: sums(100),
      conditions: { a: { models: [model] } },
      sample: { size: 9 },
    });
    expect(trials).toHaveLength(9);
  });
});

describe('an experiment that is ended', () => {
  const waiting = () => {
    const count = { asked: 0, aborted: 0 };
    const model: Model = {
      id: 'waiting',
      call: () =>
        new Observable(() => {
          count.asked += 1;
          return () => {
            count.aborted += 1;
          };
        }),
    };
    return { model, count };
  };

  it('aborts what is out when its signal aborts, and leaves no listener', async () => {
    const { model, count } = waiting();
    const controller = new AbortController();
    const options = { dataset: sums(20), conditions: { a: { models: [model] } }, signal: controller.signal };
    const trials = all({ ...options, concurrency: 4 });
    await expect.poll(() => count.asked).toBe(4);
    controller.abort('enough');
    await expect(trials).rejects.toThrow(CancelledError);
    expect(count).toStrictEqual({ asked: 4, aborted: 4 });
    expect(getEventListeners(controller.signal, 'abort')).toStrictEqual([]);
  });

  it('asks nothing for a signal that has aborted', async () => {
    const { model, count } = waiting();
    const options = { dataset: sums(2), conditions: { a: { models: [model] } }, signal: AbortSignal.abort() };
    await expect(all(options)).rejects.toThrow(CancelledError);
    expect(count.asked).toBe(0);
  });

  it('aborts calls in flight if the loop is left', async () => {
    const { model, count } = waiting();
    const quick = defineModel('quick', (question) => (question.includes('0') ? '0' : 'x'));
    const picky: Model = {
      ...model,
      id: 'picky',
      call: (request) => (request.prompt.includes('0') ? quick : model).call(request),
    };
    for await (const _ of runExperiment({
      dataset: sums(20),
      conditions: { a: { models: [picky] } },
      concurrency: 3,
    })) {
      await expect.poll(() => count.asked).toBeGreaterThan(0);
      break;
    }
    expect(count.aborted).toBe(count.asked);
  });

  it('asks nothing more once a call cannot be recorded, aborts the others, and says so', async () => {
    const memory = memoryJournal();
    const failure = new JournalWriteError('calls.jsonl', 'ENOSPC');
    const journal: Journal = {
      ...memory,
      append: (entry: JournalEntry) => (memory.count < 3 ? memory.append(entry) : Promise.reject(failure)),
      get: memory.get,
    };
    Object.defineProperty(journal, 'count', { get: () => memory.count });
    const { model: slow, count } = waiting();
    const { model, asked } = counted('a');
    // The first question is still out when a later one cannot be recorded: its error comes first all the same.
    const mixed: Model = {
      id: 'mixed',
      call: (request) => (request.prompt === 'What is 0 + 0?' ? slow : model).call(request),
    };
    const spare = counted('spare');
    const conditions = { a: { models: [mixed, spare.model], execution: 'sequential' as const } };
    await expect(all({ dataset: sums(1000), conditions, journal, concurrency: 3 })).rejects.toBe(failure);
    expect(count).toStrictEqual({ asked: 1, aborted: 1 });
    expect(memory.count).toBe(3);
    // Two questions were out besides the slow one.
    expect(asked.length + spare.asked.length).toBeLessThanOrEqual(3 + 2);
    const settled = asked.length + spare.asked.length;
    await new Promise((resolve) => setImmediate(resolve));
    expect(asked.length + spare.asked.length).toBe(settled);
  });

  it('ends with what the dataset throws', async () => {
    const { model } = counted('a');
    const failure = new Error('torn');
    const dataset = {
      async *[Symbol.asyncIterator]() {
        yield* sums(2);
        throw failure;
      },
    };
    await expect(all({ dataset, conditions: { a: { models: [model] } } })).rejects.toBe(failure);
  });

  it.each([
    [
      'throws',
      () => {
        throw new RangeError('no');
      },
    ],
    ['rejects', () => Promise.reject(new RangeError('no'))],
    ['gives what is no score', () => Number.NaN],
    ['gives more than 1', () => 1.5],
  ])('ends when its scorer %s', async (_, scorer) => {
    const { model } = counted('a');
    const trials = all({ dataset: sums(1), conditions: { a: { models: [model] } }, scorer });
    await expect(trials).rejects.toThrow(UserCodeError);
    await expect(trials).rejects.toThrow('the scorer, at question "q0", threw RangeError');
  });
});

describe('rescore', () => {
  it('makes no call, and fails what is not recorded', async () => {
    const journal = memoryJournal();
    const a = counted('a', () => '0');
    const b = counted('b', () => '0');
    await all({ dataset: sums(1), conditions: { a: { models: [a.model] } }, journal });
    const conditions = { both: { models: [a.model, b.model] } };
    const [first, second] = await Array.fromAsync(rescore({ dataset: sums(2), conditions, journal }));
    expect([a.asked.length, b.asked.length]).toStrictEqual([1, 0]);
    expect(first).toMatchObject({
      score: undefined,
      unscored: '1 call is not recorded',
      result: { answer: '0', metadata: { missing: [{ model: 'b', reason: 'ReplayMissError' }] } },
    });
    expect(second).toMatchObject({
      score: undefined,
      unscored: '2 calls are not recorded',
      result: { name: 'AllModelsFailedError' },
    });
  });

  it('follows recorded latencies: hedges, limits of time and early stops', async () => {
    const responses = [
      { model: 'a', text: '1', latencyMs: 3000, costUsd: 1 },
      { model: 'b', text: '2', latencyMs: 400, costUsd: 1 },
      { model: 'c', text: '2', latencyMs: 500, costUsd: 1 },
    ];
    const dataset = [{ id: '1', question: '1 + 1?', expected: '2', responses }];
    const models = ['a', 'b', 'c'].map((id) => recordedModel(id));
    const trials = await Array.fromAsync(
      rescore({
        dataset,
        conditions: {
          hedged: { models, execution: hedged({ hedgeDelayMs: 1000 }) },
          decided: { models, earlyStop: 'decided' },
          limited: { models, timeoutMs: 450, minResponses: 1 },
          deadline: { models, deadlineMs: 600 },
          full: { models },
        },
      }),
    );
    expect(
      trials.map(({ condition, result }) => [
        condition,
        'metadata' in result && result.metadata.latencyMs,
        result.outcomes.map(({ model, status, latencyMs }) => `${model} ${status} ${latencyMs}`),
      ]),
    ).toStrictEqual([
      ['hedged', 1400, ['a cancelled 1400', 'b answered 400']],
      ['decided', 500, ['a cancelled 500', 'b answered 400', 'c answered 500']],
      ['limited', 450, ['a failed 450', 'b answered 400', 'c failed 450']],
      ['deadline', 600, ['a cancelled 600', 'b answered 400', 'c answered 500']],
      ['full', 3000, ['a answered 3000', 'b answered 400', 'c answered 500']],
    ]);
  });

  it('remembers when the first piece of an answer came', async () => {
    const journal = memoryJournal();
    const question = '1 + 1?';
    const request = { prompt: question, messages: [{ role: 'user' as const, content: question }] };
    for (const [model, latencyMs, firstTokenMs] of [
      ['a', 3000, 50],
      ['b', 400, 300],
    ] as const) {
      const key = await callKey({ id: model }, request);
      await journal.append({
        key,
        model,
        status: 'answered',
        latencyMs,
        firstTokenMs,
        response: { text: '2' },
      });
    }
    const models = ['a', 'b'].map((id) => recordedModel(id));
    const conditions = {
      answer: { models, execution: hedged({ hedgeDelayMs: 100 }) },
      token: { models, execution: hedged({ hedgeDelayMs: 100, on: 'firstToken' }) },
    };
    const trials = await Array.fromAsync(rescore({ dataset: [{ id: '1', question }], conditions, journal }));
    expect(
      trials.map(({ result }) => result.outcomes.map(({ model, status }) => `${model} ${status}`)),
    ).toStrictEqual([['a cancelled', 'b answered'], ['a answered']]);
    expect(trials[1]?.result.outcomes[0]).toMatchObject({ latencyMs: 3000, firstTokenMs: 50 });
  });

  it('takes no time, and leaves the clocks of others alone', async () => {
    const dataset = Array.from({ length: 100 }, (_, index) => ({
      id: `${index}`,
      question: `${index}?`,
      responses: [{ model: 'a', text: '1', latencyMs: 100_000 }],
    }));
    vi.useFakeTimers();
    let ticks = 0;
    const ticking = timer(1, 1).subscribe(() => {
      ticks += 1;
    });
    try {
      const trials = await Array.fromAsync(
        rescore({ dataset, conditions: { a: { models: [recordedModel('a')] } } }),
      );
      expect(trials).toHaveLength(100);
      expect(ticks).toBe(0);
      const real = createEnsemble({ models: [simulated({ id: 'real', latencyMs: 3 })] }).predict('1 + 1?');
      await vi.advanceTimersByTimeAsync(20);
      expect((await real).metadata.latencyMs).toBeGreaterThan(1);
      expect(ticks).toBe(20);
    } finally {
      ticking.unsubscribe();
      vi.useRealTimers();
    }
  });

  it('agrees with an ensemble that asks in real time, for any answers, execution and stop rule', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('1', '2', '3', undefined), { minLength: 1, maxLength: 5 }),
        fc.constantFrom<ExecutionName>('parallel', 'sequential', 'cascade', 'hedged'),
        fc.constantFrom<EnsembleOptions['earlyStop']>(false, 'decided', 0.6),
        async (texts, execution, earlyStop) => {
          const models = texts.map(
            (text, index): Model => ({
              id: `m${index}`,
              call: () =>
                text === undefined ? throwError(() => new ModelError(`m${index}`, 'down')) : of({ text }),
            }),
          );
          const condition = { models, execution, ...(earlyStop !== undefined && { earlyStop }) };
          const dataset = [{ id: '1', question: 'Which?' }];
          const [trial] = await all({ dataset, conditions: { a: condition } });
          const direct = await createEnsemble(condition)
            .predict('Which?')
            .catch((error) => error);
          const told = (result: Trial['result']) => [
            'metadata' in result ? [result.answer, result.metadata.votes] : result.name,
            result.outcomes.map(({ model, status }) => [model, status]),
          ];
          // Calls that answer at once are heard in one turn in real time, and each at its own in virtual time.
          if (execution === 'parallel' && earlyStop !== false) return;
          expect(told(trial?.result as Trial['result'])).toStrictEqual(told(direct));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('refuses a schedule that waits for something that is not time', async () => {
    const schedule = () =>
      new Observable<never>((subscriber) => void Promise.resolve().then(() => subscriber.complete()));
    const options = {
      dataset: sums(1),
      conditions: { odd: { models: [recordedModel('a')], execution: { schedule } } },
    };
    await expect(Array.fromAsync(rescore(options))).rejects.toThrow(
      'condition "odd": the prediction never ended',
    );
  });
});

it('says all that is wrong at once, and before anything is asked', () => {
  const options = {
    dataset: 7,
    conditions: { a: { models: [], strategy: 'most' }, b: { model: [] } },
    concurrency: 0,
    sample: { size: -1 },
    journal: {},
    __proto__: { polluted: true },
  };
  // @ts-expect-error it is all wrong
  const attempt = () => runExperiment(options);
  expect(attempt).toThrow(ConfigError);
  try {
    attempt();
  } catch (error) {
    expect(
      (error as ConfigError).faults.map((fault) =>
        fault.replace(/, but got.*|; the options.*|; did you mean.*/, ''),
      ),
    ).toStrictEqual([
      'runExperiment: option "dataset" must be an iterable of questions',
      'runExperiment: option "concurrency" must be an integer of at least 1, or Infinity',
      'runExperiment: option "journal" must be a journal, such as memoryJournal()',
      expect.stringContaining('runExperiment: condition "a": createEnsemble: option "strategy" must be'),
      'runExperiment: condition "a": createEnsemble: option "models" must name at least one model, but is empty',
      'runExperiment: condition "b": createEnsemble: option "models" is missing; it must be an array of models, or a function of the query',
      'runExperiment: condition "b": createEnsemble: there is no option "model"',
      'sample: option "size" must be an integer of at least 1',
    ]);
  }
  // @ts-expect-error there is none
  expect(() => runExperiment()).toThrow('runExperiment: expected an options object, but got undefined');
  // @ts-expect-error it has no dataset and no conditions
  expect(() => runExperiment({})).toThrow(/"dataset" is missing.*"conditions" is missing/s);
  expect(() => runExperiment({ dataset: [], conditions: {} })).toThrow(
    'runExperiment: option "conditions" is empty; name at least one',
  );
});

it.each([
  [null, 'option "models" is missing'],
  [{ models: null }, 'option "models" must be'],
  [{ models: [recordedModel('a')], execution: null }, 'option "execution" must be'],
  [{ models: [null] }, 'models[0] must be a model'],
])('names the fault of the condition %o', (condition, fault) => {
  // @ts-expect-error the condition is invalid
  const attempt = () => runExperiment({ dataset: [], conditions: { a: condition } });
  expect(attempt).toThrow(ConfigError);
  expect(attempt).toThrow(`runExperiment: condition "a": createEnsemble: ${fault}`);
});
