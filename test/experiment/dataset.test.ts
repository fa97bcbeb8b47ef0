import { describe, expect, it } from 'vitest';
import { type Dataset, type ExperimentOptions, runExperiment } from '../../src/experiment/experiment.ts';
import { type ConfigError, defineModel } from '../../src/index.ts';

/** Runs an experiment, and returns its trials or error, with the number of calls. */
const run = async (dataset: unknown, others: Partial<ExperimentOptions> = {}) => {
  let calls = 0;
  const model = defineModel('a', () => {
    calls += 1;
    return '4';
  });
  const trials = Array.fromAsync(
    runExperiment({ dataset: dataset as Dataset, conditions: { a: { models: [model] } }, ...others }),
  );
  const [settled] = await Promise.allSettled([trials]);
  return { calls, settled, faults: settled.status === 'rejected' && (settled.reason as ConfigError).faults };
};

const rows = (count: number, fields: object): object[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `q${index}`,
    question: `What is ${index}?`,
    ...fields,
  }));

const shapes = {
  array: (items: readonly unknown[]) => items,
  set: (items: readonly unknown[]) => new Set(items),
  generator: (items: readonly unknown[]) => items.values(),
  'async generator': async function* (items: readonly unknown[]) {
    yield* items;
  },
};

describe.each(Object.entries(shapes))('a dataset that is an %s', (shape, of) => {
  it('is refused if it is empty, before any call', async () => {
    const { calls, settled, faults } = await run(of([]));
    expect([calls, settled.status]).toStrictEqual([0, 'rejected']);
    expect(faults).toStrictEqual([expect.stringMatching(/^runExperiment: the dataset has no questions/)]);
  });

  it.each([
    ['label', {}],
    ['answer', {}],
    ['target', { scorer: () => 1 }],
  ])('is refused if only %s could be the right answer, before any call', async (field, others) => {
    const { calls, faults } = await run(of(rows(5, { [field]: '4' })), others);
    expect(calls).toBe(0);
    expect(faults).toStrictEqual([
      `runExperiment: none of the 5 questions has a right answer in the field "expected"; the rows have the fields id, question, ${field}: name the right answer "expected", or set "expectedField" to the field that holds it, probably "${field}". If nothing is to be scored, set "scorer" to "none"`,
    ]);
  });

  it('is accepted if some questions have right answers, and yields every question once', async () => {
    const some = [...rows(3, { topic: 'sums' }), { id: 'x', question: 'What is 4?', expected: 'four' }];
    const { calls, settled } = await run(of(some));
    expect(settled).toMatchObject({ status: 'fulfilled', value: { length: 4 } });
    expect(calls).toBe(4);
  });

  it('is accepted if nothing is scored', async () => {
    for (const [fields, others] of [
      [{}, {}],
      [{ topic: 'sums' }, { scorer: 'none' as const }],
      [{ expected: '4' }, { scorer: 'none' as const }],
    ] as const) {
      const { settled } = await run(of(rows(2, fields)), others);
      expect(settled).toMatchObject({ value: [{ score: undefined }, { score: undefined }] });
    }
  });

  it.each([
    [
      { id: 'q7', prompt: 'What?', expected: '4' },
      /question "q7": "question" must be .* the rows have the fields id, prompt, expected: name the question "question", or set "questionField", probably to "prompt"/,
    ],
    [
      { id: 'q7', question: '', expected: '4' },
      /question "q7": "question": the question must not be blank, but got an empty string/,
    ],
    [
      { id: 'q7', question: ' ', expected: '4' },
      /question "q7": "question": the question must not be blank, but got a string of blanks/,
    ],
    [
      { id: 'q7', question: 5, expected: '4' },
      /question "q7": "question": the query must be a string, or \{ messages \}/,
    ],
    [
      { id: 'q7', question: { messages: [{ role: 'robot', content: '?' }] }, expected: '4' },
      /question "q7": "question": /,
    ],
    [{ id: 'q7', question: '?', expected: '4', responses: 'x' }, /question "q7": responses must be an array/],
    [
      { question: '?', expected: '4' },
      /question 3: "id" must be a string that is not empty, but got undefined/,
    ],
    [null, /question 3: expected \{ id, question, expected \}, but got null/],
  ])('names the row %j', async (row, fault) => {
    const { calls, faults } = await run(of([...rows(2, { expected: '4' }), row]));
    expect(faults).toStrictEqual([expect.stringMatching(fault)]);
    // An array is checked before the first call.
    if (shape === 'array') expect(calls).toBe(0);
  });
});

it('reads at most 1000 questions ahead', async () => {
  let read = 0;
  const dataset = {
    *[Symbol.iterator]() {
      for (const row of rows(5000, { topic: 'sums' })) {
        read += 1;
        yield row;
      }
    },
  };
  const { calls, faults } = await run(dataset);
  expect([calls, read]).toStrictEqual([0, 1000]);
  expect(faults).toStrictEqual([expect.stringContaining('none of the first 1000 questions')]);
});

it('reads nothing ahead of a labelled question, nor of one that needs no label', async () => {
  for (const fields of [{ expected: '4', topic: 'sums' }, {}]) {
    let read = 0;
    const dataset = {
      *[Symbol.iterator]() {
        for (const row of rows(100, fields)) {
          read += 1;
          yield row;
        }
      },
    };
    const model = defineModel('a', () => '4');
    const options = { dataset: dataset as Dataset, conditions: { a: { models: [model] } }, concurrency: 1 };
    for await (const _ of runExperiment(options)) break;
    expect(read).toBeLessThanOrEqual(3);
  }
});

describe('a question that is too large for a condition', () => {
  const image = (bytes: number) => ({
    type: 'file' as const,
    mediaType: 'image/png',
    data: new Uint8Array(bytes),
  });
  const asking = (id: string, bytes: number) => ({
    id,
    expected: '4',
    question: { messages: [{ role: 'user' as const, content: [image(bytes)] }] },
  });
  let calls = 0;
  const model = defineModel('a', () => {
    calls += 1;
    return '4';
  });

  it.each<readonly [string, object, string]>([
    ['of files', asking('large', 3000), 'the query has 4000 bytes with its files as base64'],
    ['of texts', { id: 'large', question: '?'.repeat(1001), expected: '4' }, 'the query has 1001 bytes'],
  ])('is found in an array before any call: %s', async (_, question, message) => {
    const dataset = [asking('small', 30), question];
    const conditions = {
      all: { models: [model] },
      few: { models: [model], maxRequestBytes: 1000 },
    };
    calls = 0;
    const { faults } = await run(dataset, { conditions });
    expect(calls).toBe(0);
    expect(faults).toStrictEqual([
      expect.stringContaining(`runExperiment: condition "few": question "large": ${message}`),
    ]);
    expect(await run(dataset, { conditions: { all: { models: [model] } } })).toMatchObject({
      settled: { status: 'fulfilled' },
    });
  });

  it('is found at its row elsewhere, and ends the run', async () => {
    const dataset = [asking('small', 30), asking('large', 3000), asking('last', 30)].values();
    calls = 0;
    const { faults } = await run(dataset, {
      conditions: { few: { models: [model], maxRequestBytes: 1000 } },
    });
    expect(faults).toStrictEqual([expect.stringContaining('condition "few": question "large"')]);
    expect(calls).toBeGreaterThan(0);
  });

  it('is not, if the condition has raised the limit', async () => {
    // Base64 as a text: the same one for all, so that nothing is encoded.
    const data = 'AAAA'.repeat(12_500_001);
    const question = { messages: [{ role: 'user', content: [{ ...image(0), data }] }] };
    const dataset = [{ id: 'large', question, expected: '4' }];
    const conditions = { more: { models: [model], maxRequestBytes: 60_000_000 } };
    expect(await run(dataset, { conditions })).toMatchObject({ settled: { status: 'fulfilled' } });
    expect(await run(dataset)).toMatchObject({
      calls: 0,
      faults: [expect.stringContaining('"maxRequestBytes" is 50000000')],
    });
  });
});
