import { existsSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { confirmCost } from '../../src/cli/confirm-cost.ts';
import { createOutput } from '../../src/cli/output.ts';
import { estimateRun } from '../../src/cli/run-estimate.ts';
import {
  callKey,
  type ExperimentOptions,
  journaled,
  judge,
  memoryJournal,
  type Question,
  runExperiment,
} from '../../src/experiment/experiment.ts';
import { createEnsemble, defineModel, type Model, simulated } from '../../src/index.ts';
import { spendingCap } from '../../src/policies/policies.ts';
import { beside, experimentOf, file, small } from './experiment-file.ts';
import { runCommand } from './run-command.ts';

const price = { inputPerMillionUsd: 10, outputPerMillionUsd: 100 };
/** A model of a server that no test starts: a call would fail. */
const server = (others: object) => ({ model: 'any', baseURL: 'http://127.0.0.1:9/v1', ...others });
const dear = server({ id: 'dear', price });
const experiment = (models: readonly object[]) => ({
  ...file,
  models,
  conditions: { all: { normalization: 'numeric' } },
});

/** 20 calls of at most 4096 tokens for $100 a million, and their short questions. */
const ESTIMATE = /^estimate: up to \$8\.19\d* for 20 calls$/m;

describe('a run that may cost more than --yes-below', () => {
  it('is refused without a terminal, in one sentence, before a call', async () => {
    const path = experimentOf(experiment([dear]));
    const { code, stdout, stderr } = await runCommand(['run', path]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(ESTIMATE);
    expect(stderr).toMatch(
      /^crucible-ensemble: this run may cost up to \$8\.19\d*, more than \$1\.00: pass --yes, a higher --yes-below, or limit it with --max-usd; no call was made$/m,
    );
    expect(existsSync(`${beside(path, 'calls.jsonl')}.lock`)).toBe(false);
  });

  it.each([[['--yes']], [['-y']], [['--yes-below', '9']], [['--max-usd', '3']]])(
    'begins with %j',
    async (flags) => {
      const { stderr } = await runCommand([
        'run',
        experimentOf(experiment([dear])),
        '--sample',
        '5',
        ...flags,
      ]);
      expect(stderr).toMatch(/^estimate: up to \$2\.0\d+ for 5 calls$/m);
      expect(stderr).toContain('model "dear" cannot be used');
    },
  );

  it('asks on a terminal, and begins if the answer is yes', async () => {
    const options = { isInputTTY: true, isErrorTTY: true };
    const path = experimentOf(experiment([dear]));
    for (const input of ['n\n', '\n', 'maybe\n', '']) {
      const { code, stdout, stderr } = await runCommand(['run', path], { ...options, input });
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(/this run may cost up to \$8\.19\d*, more than \$1\.00\. Run it\? \[y\/N\] /);
      expect(stderr).toContain('not run; no call was made');
    }
    for (const input of ['y\n', 'YES\r\n']) {
      const { stderr } = await runCommand(['run', path], { ...options, input });
      expect(stderr).toContain('model "dear" cannot be used');
    }
  });

  it('stops asking on Ctrl-C', async () => {
    const interrupted = new AbortController();
    const { code } = await runCommand(['run', experimentOf(experiment([dear]))], {
      isInputTTY: true,
      isErrorTTY: true,
      input: new PassThrough(),
      signal: interrupted.signal,
      onErrorWrite: (text) => {
        if (text.includes('Run it?')) setImmediate(() => interrupted.abort());
      },
    });
    expect(code).toBe(130);
  });

  it('is one with an unknown price, whatever the limit', async () => {
    const path = experimentOf(experiment([server({ id: 'secret-price' }), dear]));
    const { code, stderr } = await runCommand(['run', path, '--yes-below', '1000']);
    expect(code).toBe(2);
    expect(stderr).toContain(
      'this run may cost any amount, because the price of secret-price is unknown (20 calls): pass --yes, state its "price", or limit it with --max-usd; no call was made',
    );
  });

  it.each(['-1', 'cheap', 'Infinitely'])('has a limit in USD: %s is refused', async (amount) => {
    const { code, stderr } = await runCommand(['run', experimentOf(), `--yes-below=${amount}`]);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining('--yes-below must be a number of USD, at least 0'),
    });
  });
});

describe('a run that costs nothing', () => {
  it.each([
    ['simulated models', [small]],
    ['a server without keys', [{ model: 'ollama/none' }]],
    ['a price of 0', [server({ id: 'free', price: { inputPerMillionUsd: 0, outputPerMillionUsd: 0 } })]],
  ])('asks nothing: %s', async (_, models) => {
    const { stderr } = await runCommand(['run', experimentOf(experiment(models)), '--yes-below', '0']);
    expect(stderr).not.toContain('may cost');
  });

  it.each(['rescore', 'report'])('asks nothing: %s', async (command) => {
    const { stderr } = await runCommand([command, experimentOf(experiment([dear]))]);
    expect(stderr).not.toMatch(/may cost|estimate/);
  });
});

describe('an estimate', () => {
  const dataset: readonly Question[] = ['What is 1 + 1?', 'What is 2 + 2?', 'What is 3 + 3?'].map(
    (question, n) => ({ id: `${n}`, question }),
  );
  const prices = {
    priceOf: ({ id }: { id: string }, { inputTokens = 0, outputTokens = 0 }) =>
      id === 'unknown' ? undefined : { usd: inputTokens + outputTokens * 1000 },
    countTokens: (text: string) => text.length,
  };
  const paid = (id: string, others: Partial<Model> = {}): Model => ({
    ...defineModel(id, () => '1'),
    provider: 'openai',
    maxOutputTokens: 2,
    ...others,
  });
  const estimateOf = (options: Omit<ExperimentOptions, 'dataset'>, journal = memoryJournal()) =>
    estimateRun({ dataset, ...options }, { prices, journal, signal: new AbortController().signal });

  it('counts each call once for all conditions, with the tokens of its prompt and the most that it may write', async () => {
    const models = [paid('a'), paid('b', { maxOutputTokens: 3 })];
    const conditions = {
      all: { models },
      one: { models: models.slice(1), strategy: 'unanimous' as const },
      asked: { models: [paid('a')], prompt: '{{question}}!' },
    };
    const { calls, mostUsd } = await estimateOf({ conditions });
    expect(calls).toBe(9);
    expect(mostUsd).toBe(3 * (14 + 2000) + 3 * (14 + 3000) + 3 * (15 + 2000));
  });

  it('counts the images, the files and the tools of a question', async () => {
    const image = { type: 'image', image: new URL('https://example.com/a.png') } as const;
    const file = (bytes: number) =>
      ({ type: 'file', data: new Uint8Array(bytes), mediaType: 'application/pdf' }) as const;
    const tools = { book: { inputSchema: { type: 'object' } } };
    const asking = (...files: readonly (typeof image | ReturnType<typeof file>)[]) => ({
      id: '1',
      question: {
        messages: [{ role: 'user' as const, content: [{ type: 'text' as const, text: '1234' }, ...files] }],
      },
    });
    const mostOf = async (question: Question) =>
      (
        await estimateRun(
          { dataset: [question], conditions: { a: { models: [paid('a')] } } },
          { prices, journal: memoryJournal(), signal: new AbortController().signal },
        )
      ).mostUsd;
    const text = await mostOf(asking());
    // And a line break between two parts.
    expect(await mostOf(asking(image))).toBe(text + 5001);
    expect(await mostOf(asking(image, file(10)))).toBe(text + 10_002);
    expect(await mostOf(asking(file(70_000)))).toBe(text + 70_001);
    const { id, question } = asking();
    expect(await mostOf({ id, question: { ...question, tools } })).toBe(
      text + `\n${JSON.stringify(tools)}`.length,
    );
  });

  it('leaves out what is recorded, free or not drawn', async () => {
    const models = [
      paid('a'),
      paid('b', { maxOutputTokens: undefined }),
      simulated({ id: 's' }),
      paid('o', { provider: 'ollama' }),
    ];
    const journal = memoryJournal();
    const prompt = 'What is 1 + 1?';
    const request = { prompt, messages: [{ role: 'user' as const, content: prompt }] };
    const [first, second] = models as [Model, Model];
    await journal.append({
      key: await callKey(first, request),
      model: 'a',
      status: 'answered',
      latencyMs: 1,
      response: { text: '2' },
    });
    await journal.append({
      key: await callKey(second, request),
      model: 'b',
      status: 'failed',
      latencyMs: 1,
      error: { name: 'ModelError', message: 'x', isRetryable: false },
    });
    expect(await estimateOf({ conditions: { all: { models } } }, journal)).toMatchObject({
      calls: 5,
      mostUsd: 2 * (14 + 2000) + 3 * (14 + 4096 * 1000),
    });
    expect(await estimateOf({ conditions: { all: { models: [first] } }, sample: { size: 2 } })).toMatchObject(
      { calls: 2 },
    );
  });

  it('leaves out the verdicts of a judge that are recorded, of answers that are recorded, too', async () => {
    const journal = memoryJournal();
    const judging = paid(
      'j',
      defineModel('j', () => 'yes'),
    );
    const models = [paid('a'), simulated({ id: 's', accuracy: 1, answer: '1' })];
    const options = {
      dataset: dataset.map((question) => ({ ...question, expected: '1' })),
      conditions: { both: { models }, paid: { models: models.slice(0, 1) } },
      scorer: judge({ ensemble: createEnsemble({ models: [journaled({ journal })(judging)] }) }),
    };
    const sources = { prices, judges: [judging], journal, signal: new AbortController().signal };
    const callsOf = async (others: object = {}) =>
      (await estimateRun({ ...options, ...others }, sources)).calls;
    const run = (others: object = {}) => Array.fromAsync(runExperiment({ ...options, journal, ...others }));
    // Three calls of the model, and a verdict for each question and condition.
    expect(await callsOf()).toBe(9);
    await run({ dataset: options.dataset.slice(0, 2) });
    expect(await callsOf()).toBe(3);
    await run();
    expect(await callsOf()).toBe(0);
    // Another member may change the answer that is judged, even if it is free.
    const another = { models: [...models, simulated({ id: 't' })] };
    expect(await callsOf({ conditions: { another, paid: options.conditions.paid } })).toBe(3);
    expect(await callsOf({ conditions: { paid: options.conditions.paid } })).toBe(0);
    // Another question for the judge has other verdicts.
    const rubric = judge({
      ensemble: createEnsemble({ models: [journaled({ journal })(judging)] }),
      rubric: 'It is short.',
    });
    expect(await callsOf({ scorer: rubric })).toBe(6);
  });

  it('takes the prices of the condition, then those of the experiment, then the published ones', async () => {
    const flat = (usd: number) => ({ ...prices, priceOf: () => ({ usd }) });
    const models = [paid('a')];
    expect(
      await estimateOf({ conditions: { c: { models, pricing: flat(1) } }, pricing: flat(2) }),
    ).toMatchObject({ mostUsd: 3 });
    expect(await estimateOf({ conditions: { c: { models } }, pricing: flat(2) })).toMatchObject({
      mostUsd: 6,
    });
  });

  it('keeps within the budget: its limit of an answer, and its caps', async () => {
    const conditions = { all: { models: [paid('a'), paid('b', { maxOutputTokens: undefined })] } };
    const ofBudget = async (budget: ExperimentOptions['budget']) =>
      (await estimateOf({ conditions, ...(budget && { budget }) })).mostUsd;
    const caps = [spendingCap({ maxUsd: 1e6 }), spendingCap({ maxUsd: 7000 })];
    expect(await ofBudget({ maxOutputTokens: 1, caps: [] })).toBe(3 * (14 + 1000) * 2);
    expect(await ofBudget({ maxOutputTokens: 10, caps: [] })).toBe(3 * (14 + 2000) + 3 * (14 + 10_000));
    expect(await ofBudget({ caps })).toBe(7000);
  });

  it('reads no dataset if nothing is paid, and counts the verdicts on free answers', async () => {
    const unread = {
      [Symbol.iterator]: (): never => {
        throw new Error('read');
      },
    };
    const conditions = {
      all: { models: [simulated({ id: 's' })] },
      again: { models: [simulated({ id: 't' })] },
    };
    const sources = { prices, journal: undefined, signal: new AbortController().signal };
    expect(await estimateRun({ dataset: unread, conditions }, sources)).toMatchObject({
      calls: 0,
      mostUsd: 0,
    });
    const judges = [paid('j'), simulated({ id: 'u' })];
    expect(await estimateRun({ dataset, conditions }, { ...sources, judges })).toMatchObject({
      calls: 6,
      mostUsd: 6 * (14 + 4096 + 2000),
    });
  });

  it('tells models of providers without a price from functions of the user', async () => {
    const models = [
      paid('unknown'),
      { ...paid('unknown'), id: 'mine', provider: undefined } as unknown as Model,
    ];
    const pricing = { ...prices, priceOf: () => undefined };
    const { unpriced, own, calls } = await estimateOf({ conditions: { all: { models } }, pricing });
    expect({ unpriced: [...unpriced], own: [...own], calls }).toEqual({
      unpriced: [['unknown', 3]],
      own: [['mine', 3]],
      calls: 0,
    });
  });

  it('names what it leaves out', async () => {
    const stream = Object.assign(new PassThrough(), { isTTY: false });
    const estimate = { calls: 2, mostUsd: 0.5, unpriced: new Map(), own: new Map([['mine', 3]]) };
    const context = {
      errors: createOutput(stream),
      stdin: new PassThrough(),
      signal: new AbortController().signal,
    };
    expect(await confirmCost(estimate, {}, context)).toBe(true);
    expect(String(stream.read())).toBe(
      'estimate: up to $0.50 for 2 calls; without 3 calls of mine, which say what they cost afterwards\n',
    );
  });
});
