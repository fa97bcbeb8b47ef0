import { lastValueFrom, NEVER, Observable, of, throwError, timer, toArray } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { toRequest } from '../../../src/engine/to-request.ts';
import {
  JournalWriteError,
  journaled,
  memoryJournal,
  runExperiment,
} from '../../../src/experiment/experiment.ts';
import type { Journal, JournalEntry } from '../../../src/experiment/journal/journal.ts';
import {
  AuthenticationError,
  ConfigError,
  createEnsemble,
  defineModel,
  type Model,
  ModelError,
  RateLimitError,
  ReplayMissError,
} from '../../../src/index.ts';
import { retry } from '../../../src/policies/retry.ts';
import { modelContract } from '../../contracts/model.ts';
import { entriesOf } from './journal-contract.ts';

const request = toRequest('What is 2 + 2?');

const counted = (say: () => Observable<{ text: string }> = () => of({ text: '4' })) => {
  const count = { asked: 0, left: 0 };
  const model: Model = {
    id: 'counted',
    provider: 'test',
    call: () =>
      new Observable((subscriber) => {
        count.asked += 1;
        subscriber.add(() => {
          count.left += 1;
        });
        subscriber.add(say().subscribe(subscriber));
      }),
  };
  return { model, count };
};

describe('a journaled model', () => {
  it('answers once it is written, and not before', async () => {
    const memory = memoryJournal();
    const written = Promise.withResolvers<void>();
    const journal: Journal = {
      ...memory,
      append: (entry) => written.promise.then(() => memory.append(entry)),
    };
    const { model, count } = counted();
    let heard: unknown;
    const answer = lastValueFrom(journaled({ journal })(model).call(request)).then((response) => {
      heard = response;
    });
    await expect.poll(() => count.asked).toBe(1);
    await new Promise((resolve) => setImmediate(resolve));
    expect(heard).toBeUndefined();
    written.resolve();
    await answer;
    expect(heard).toMatchObject({ text: '4' });
  });

  it('makes equal calls that are out at a time one', async () => {
    const journal = memoryJournal();
    const { model, count } = counted(() => timer(0).pipe(() => of({ text: '4' })));
    const kept = journaled({ journal })(model);
    const answers = await Promise.all([1, 2, 3].map(() => lastValueFrom(kept.call(request))));
    expect(count.asked).toBe(1);
    expect(answers.filter((answer) => 'cached' in answer && answer.cached !== undefined)).toHaveLength(2);
  });

  it('asks again for another sample, another question, another model', async () => {
    const journal = memoryJournal();
    const { model, count } = counted();
    const kept = journaled({ journal })(model);
    for (const asked of [
      request,
      { ...request, sample: 1 },
      toRequest('What is 2 + 3?'),
      { ...request, wantsDeltas: true },
    ]) {
      await lastValueFrom(kept.call(asked));
    }
    await lastValueFrom(journaled({ journal })({ ...model, id: 'other' }).call(request));
    expect(count.asked).toBe(4);
    expect(journal.count).toBe(4);
  });

  it('records a failure as it was, without its cause, and fails with it', async () => {
    const journal = memoryJournal();
    const failure = new AuthenticationError('counted', 'does not take this key', {
      status: 401,
      costUsd: 0,
      cause: new Error('sk-canary'),
    });
    const { model, count } = counted(() => throwError(() => failure));
    const kept = journaled({ journal })(model);
    await expect(lastValueFrom(kept.call(request))).rejects.toMatchObject({
      name: 'AuthenticationError',
      message: failure.message,
      status: 401,
    });
    const [entry] = await entriesOf(journal);
    expect(entry).toStrictEqual({
      key: expect.any(String),
      model: 'counted',
      status: 'failed',
      latencyMs: expect.any(Number),
      error: {
        name: 'AuthenticationError',
        message: failure.message,
        isRetryable: false,
        status: 401,
        costUsd: 0,
      },
    });
    await expect(lastValueFrom(kept.call(request))).rejects.toThrow(ModelError);
    expect(count.asked).toBe(2);
    const strict = journaled({ journal, onMiss: 'error' })(model);
    await expect(lastValueFrom(strict.call(request))).rejects.toThrow(failure.message);
    expect(count.asked).toBe(2);
  });

  it('records nothing of a call that was given up, and aborts it', async () => {
    const journal = memoryJournal();
    const { model, count } = counted(() => NEVER);
    const subscription = journaled({ journal })(model).call(request).subscribe();
    await expect.poll(() => count.asked).toBe(1);
    subscription.unsubscribe();
    expect([count.left, journal.count]).toStrictEqual([1, 0]);
  });

  it('records an answer even if the caller has unsubscribed', async () => {
    const memory = memoryJournal();
    const writing = Promise.withResolvers<JournalEntry>();
    const journal: Journal = {
      ...memory,
      append: async (entry) => {
        writing.resolve(entry);
        await memory.append(entry);
      },
    };
    const { model } = counted();
    const subscription = journaled({ journal })(model).call(request).subscribe();
    await writing.promise;
    subscription.unsubscribe();
    await expect.poll(() => memory.count).toBe(1);
  });

  it('passes pieces through, and records when the first one came', async () => {
    const journal = memoryJournal();
    const model: Model = { id: 'a', call: () => of({ delta: '4' }, { delta: '2' }, { text: '42' }) };
    const outputs = await lastValueFrom(
      journaled({ journal })(model)
        .call({ ...request, wantsDeltas: true })
        .pipe(toArray()),
    );
    expect(outputs.slice(0, 2)).toStrictEqual([{ delta: '4' }, { delta: '2' }]);
    expect(await entriesOf(journal)).toMatchObject([
      { firstTokenMs: expect.any(Number), response: { text: '42' } },
    ]);
  });

  it('takes as long as the recorded call with withLatency', async () => {
    const journal = memoryJournal();
    const { model } = counted();
    await lastValueFrom(journaled({ journal })(model).call(request));
    const [entry] = await entriesOf(journal);
    await journal.append({ ...(entry as JournalEntry), latencyMs: 25 });
    vi.useFakeTimers();
    try {
      const seen: unknown[] = [];
      journaled({ journal, withLatency: true })(model)
        .call(request)
        .subscribe((response) => seen.push(response));
      await vi.advanceTimersByTimeAsync(24);
      expect(seen).toHaveLength(0);
      await vi.advanceTimersByTimeAsync(1);
      expect(seen).toHaveLength(1);
    } finally {
      vi.useRealTimers();
    }
  });

  it('records what retries come to, at the cost of all attempts', async () => {
    const journal = memoryJournal();
    let attempts = 0;
    const shaky = defineModel('shaky', async () => {
      attempts += 1;
      if (attempts === 1)
        throw new ModelError('shaky', 'busy', { isRetryable: true, retryAfterMs: 0, costUsd: 0.25 });
      return { text: '4', costUsd: 1 };
    });
    const { metadata } = await createEnsemble({
      models: [journaled({ journal })(retry({ baseDelayMs: 1 })(shaky))],
    }).predict('2 + 2?');
    expect(metadata.costUsd).toBe(1.25);
    expect(await entriesOf(journal)).toMatchObject([
      { status: 'answered', response: { text: '4', costUsd: 1.25 } },
    ]);
  });

  it('leaves the price of an answer to its tokens if the attempts before it cost nothing', async () => {
    const journal = memoryJournal();
    let attempts = 0;
    const usage = { inputTokens: 3, outputTokens: 5 };
    const busy = defineModel('busy', async () => {
      attempts += 1;
      if (attempts === 1) throw new RateLimitError('busy', 'slow down', { isRetryable: true });
      return { text: '4', usage };
    });
    await createEnsemble({ models: [journaled({ journal })(retry({ baseDelayMs: 1 })(busy))] }).predict('?');
    const [entry] = await entriesOf(journal);
    expect(entry?.response).toMatchObject({ text: '4', usage });
    expect(entry?.response?.costUsd).toBeUndefined();
  });

  it('records that the cost of a failure is only known in part', async () => {
    const journal = memoryJournal();
    let attempts = 0;
    const shaky = defineModel('shaky', async () => {
      attempts += 1;
      const paid = attempts === 1 ? { costUsd: 0.25 } : {};
      throw new ModelError('shaky', 'busy', { isRetryable: true, ...paid });
    });
    const ensemble = createEnsemble({
      models: [journaled({ journal })(retry({ baseDelayMs: 1, maxAttempts: 2 })(shaky))],
    });
    const { outcomes } = await ensemble.predict('?').catch((error) => error);
    expect(outcomes).toMatchObject([{ status: 'failed', costUsd: 0.25, costSource: 'partial' }]);
    expect(await entriesOf(journal)).toMatchObject([{ error: { costUsd: 0.25, costSource: 'partial' } }]);
  });

  it('fails the call whose entry cannot be written', async () => {
    const failure = new JournalWriteError('calls.jsonl', 'ENOSPC');
    const journal: Journal = { ...memoryJournal(), append: () => Promise.reject(failure) };
    await expect(lastValueFrom(journaled({ journal })(counted().model).call(request))).rejects.toBe(failure);
  });

  it.each([
    ['a BigInt', () => ({ requestId: 5n }), 'response.requestId is a BigInt'],
    ['a function', () => ({ finishReason: () => 'stop' }), 'response.finishReason is a function'],
    ['a number in words', () => ({ usage: { inputTokens: 5n } }), 'response.usage.inputTokens is a BigInt'],
    ['a date', () => ({ requestId: [new Date(0)] }), 'is an instance of a class'],
    [
      'a cycle',
      () => {
        const usage: Record<string, unknown> = {};
        usage.usage = usage;
        return { usage };
      },
      'contains itself, or is nested too deeply',
    ],
    [
      'a toJSON that throws',
      () => ({
        requestId: {
          toJSON: () => {
            throw new Error('sk-canary');
          },
        },
      }),
      'toJSON is a function',
    ],
    [
      'a property that throws',
      () => ({
        get requestId(): string {
          throw new Error('sk-canary');
        },
      }),
      'reading it throws',
    ],
  ])('fails one call whose response holds %s, and records that with its cost', async (_, odd, reason) => {
    for (const journal of [memoryJournal(), undefined]) {
      const model = defineModel(
        'odd',
        () =>
          Object.defineProperties(odd(), {
            text: { value: '4' },
            costUsd: { value: 0.25 },
          }) as never,
      );
      const other = defineModel('other', () => '5');
      const dataset = [1, 2].map((n) => ({ id: `${n}`, question: `What is ${n} + 2?`, expected: '5' }));
      const conditions = { both: { models: [model, other] }, one: { models: [model] } };
      const trials = await Array.fromAsync(
        runExperiment({ dataset, conditions, ...(journal && { journal }) }),
      );
      expect(trials.map(({ condition, score }) => [condition, score])).toStrictEqual([
        ['both', 1],
        ['one', undefined],
        ['both', 1],
        ['one', undefined],
      ]);
      const [failed, answered] = trials[0]?.result.outcomes ?? [];
      expect(failed).toMatchObject({
        status: 'failed',
        error: {
          name: 'MalformedResponseError',
          message: expect.stringMatching(/^odd: the result of the call cannot be recorded: /),
        },
      });
      expect(answered).toMatchObject({ status: 'answered', answer: '5' });
      const message = failed?.status === 'failed' ? failed.error.message : '';
      expect(message).toContain(reason);
      expect(JSON.stringify(trials)).not.toContain('sk-canary');
      expect(trials[1]?.result.outcomes).toMatchObject([{ status: 'failed', costUsd: 0.25 }]);
      if (journal !== undefined) expect(journal.count).toBe(4);
    }
  });

  it('fails one call whose entry the journal refuses, such as one that is too long', async () => {
    const memory = memoryJournal();
    const journal: Journal = {
      ...memory,
      append: async (entry) => {
        if (entry.response?.text.length === 6) throw new ConfigError(['append: the entry is too long']);
        await memory.append(entry);
      },
    };
    const models = [
      defineModel('long', () => ({ text: 'longer', costUsd: 0.5 })),
      defineModel('a', () => '5'),
    ];
    const dataset = [1, 2].map((n) => ({ id: `${n}`, question: `What is ${n} + 2?`, expected: '5' }));
    const trials = await Array.fromAsync(
      runExperiment({ dataset, conditions: { all: { models } }, journal }),
    );
    expect(trials.map(({ score }) => score)).toStrictEqual([1, 1]);
    const refused = {
      status: 'failed',
      error: {
        name: 'MalformedResponseError',
        message: 'long: the result of the call cannot be recorded: append: the entry is too long',
        costUsd: 0.5,
      },
    };
    expect(trials[0]?.result.outcomes[0]).toMatchObject(refused);
    const recorded = (await entriesOf(journal)).filter(({ model }) => model === 'long');
    expect(recorded).toMatchObject([refused, refused]);
    expect(recorded[0]?.latencyMs).toBeTypeOf('number');

    const none = { ...memory, append: () => Promise.reject(new ConfigError(['append: refused'])) };
    await expect(
      Array.fromAsync(
        runExperiment({
          dataset,
          conditions: { all: { models } },
          journal: { ...none, get: async () => undefined },
        }),
      ),
    ).rejects.toThrow('append: refused');
  });

  it('records numbers of an instance of a class, and −0 as 0', async () => {
    class Usage {
      readonly inputTokens = 3;
      readonly outputTokens = -0;
    }
    const journal = memoryJournal();
    const model: Model = { id: 'a', call: () => of({ text: '4', usage: new Usage(), costUsd: -0 }) };
    await lastValueFrom(journaled({ journal })(model).call(request));
    expect((await entriesOf(journal))[0]?.response).toStrictEqual({
      text: '4',
      usage: { inputTokens: 3, outputTokens: 0 },
      costUsd: 0,
    });
  });

  it('fails with an error that says so if a journal throws what is none of its errors', async () => {
    const thrown = new TypeError('sk-canary');
    const memory = memoryJournal();
    for (const [journal, expected] of [
      [
        { ...memory, append: () => Promise.reject(thrown) },
        { name: 'JournalWriteError', message: 'the journal cannot be written: its append failed' },
      ],
      [
        { ...memory, get: () => Promise.reject(thrown) },
        { name: 'UserCodeError', message: 'the journal threw TypeError' },
      ],
    ] as const) {
      const called = lastValueFrom(journaled({ journal })(counted().model).call(request));
      await expect(called).rejects.toMatchObject({ ...expected, cause: thrown });
      const dataset = [{ id: '1', question: '2 + 2?' }];
      const conditions = { one: { models: [counted().model] } };
      await expect(Array.fromAsync(runExperiment({ dataset, conditions, journal }))).rejects.toMatchObject(
        expected,
      );
    }
  });

  it('never asks in a strict replay', async () => {
    const { model, count } = counted();
    const strict = journaled({ journal: memoryJournal(), onMiss: 'error' })(model);
    await expect(lastValueFrom(strict.call(request))).rejects.toMatchObject({
      name: new ReplayMissError('a', 'b').name,
    });
    expect(count.asked).toBe(0);
  });

  it('refuses what is no journal', () => {
    // @ts-expect-error there is none
    expect(() => journaled({})).toThrow('journaled: option "journal" is missing');
    // @ts-expect-error all wrong
    expect(() => journaled({ journal: {}, onMiss: 'ask' })).toThrow(ConfigError);
  });
});

modelContract('a journaled model', {
  makeModel: (id) => journaled({ journal: memoryJournal() })(defineModel(id, () => '4')),
  question: 'What is 2 + 2?',
});
