import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Conditions,
  callKey,
  memoryJournal,
  type Question,
  rescore,
  runExperiment,
} from '../../src/experiment/experiment.ts';
import { promptTemplate } from '../../src/experiment/prompt-template.ts';
import { ConfigError, defineModel } from '../../src/index.ts';
import { readDataset } from '../../src/node/node.ts';
import { fileOf } from '../cli/recording.ts';

const row = {
  id: 'q7',
  question: 'Which is a city?',
  expected: 'Rome',
  category: 'places',
  choices: ['Rome', 'Nile'],
  meta: { topic: 'maps', level: 2 },
  none: null,
};

const asked = (template: string, question: object = row) =>
  promptTemplate(template).queryOf(question as Question);
const faults = (template: string, question: object = row) =>
  promptTemplate(template).faultsOf(question as Question);

describe('a prompt template', () => {
  it.each([
    ['Q: {{question}}', 'Q: Which is a city?'],
    ['{{ id }} {{category}} {{question}}{{question}}', 'q7 places Which is a city?Which is a city?'],
    ['A. {{choices[0]}}\nB. {{choices.1}}', 'A. Rome\nB. Nile'],
    ['Of:\n{{choices}}', 'Of:\nRome\nNile'],
    ['{{meta.topic}} {{meta.level}}', 'maps 2'],
    ['{{meta}}', '{"topic":"maps","level":2}'],
    ['[{{none}}]', '[]'],
    ['{{id}}: \\{{question}} \\{% x %} {"a":{"b":1}}', 'q7: {{question}} {% x %} {"a":{"b":1}}'],
  ])('inserts the values of fields: %j', (template, prompt) => {
    expect(faults(template)).toEqual([]);
    expect(asked(template)).toBe(prompt);
  });

  it('never expands a value', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.constantFrom('{{id}}', '\\{{', '$&', '$1', '{{expected}}', '}}'),
        (text, trap) => {
          const question = { ...row, question: text + trap };
          expect(asked('<{{question}}|{{id}}>', question)).toBe(`<${text}${trap}|q7>`);
        },
      ),
    );
  });

  it.each([
    [
      '{{qestion}}',
      /^\{\{qestion\}\}: question "q7" has no such field; the rows have the fields id, question, .*; did you mean \{\{question\}\}\?$/,
    ],
    ['{{zzz}}', /^\{\{zzz\}\}: question "q7" has no such field; the rows have the fields [^?]*$/],
    ['{{choices[2]}}', /^\{\{choices\[2\]\}\}: question "q7" has no such place in "choices"$/],
    ['{{meta.constructor}}', /has no such place in "meta"$/],
    ['{{toString}}', /has no such field/],
    ['{{question | upper}}', /^\{\{question \| upper\}\} is an expression, and prompts have fields only/],
    ['{{expected}}', /^\{\{expected\}\} would tell the model the right answer; remove it$/],
  ])('says what a question lacks: %s', (template, fault) => {
    expect(faults(template)).toEqual([expect.stringMatching(fault)]);
  });

  it.each([
    ['What is it?', /^prompt has no field, so that each question would be the same: write \{\{question\}\}/],
    ['', /has no field/],
    ['\\{{question}}', /has no field/],
    [
      '{{question',
      /^prompt: \{\{ at character 1 is not a field: write \{\{name\}\}, or \\\{\{ for the characters themselves/,
    ],
    ['{{question}} {{}}', /^prompt: \{\{\}\} at character 14 is not a field/],
    ['{% if a %}{{question}}', /^prompt: \{% at character 1 is not a field: .*blocks are not supported$/],
    [7, /^prompt must be a text with fields, such as "\{\{question\}\}", but got 7$/],
  ])('is refused: %j', (template, message) => {
    expect(() => promptTemplate(template)).toThrow(ConfigError);
    expect(() => promptTemplate(template)).toThrow(message);
  });

  it('takes the place of the last turn of a conversation', () => {
    const question = {
      system: 'Be brief.',
      messages: [
        { role: 'user', content: 'Hello' },
        { role: 'assistant', content: 'Hi' },
        { role: 'user', content: 'Where?' },
      ],
    };
    expect(asked('<{{question}}>', { ...row, question })).toEqual({
      system: 'Be brief.',
      messages: [...question.messages.slice(0, 2), { role: 'user', content: '<Where?>' }],
    });
  });

  it('has the fields of the rows of a file, whatever the question is called there', async () => {
    const path = fileOf('key,prompt,gold,hint,note\n1,"What, then?",A,first,\n', 'rows.csv');
    const [question] = await Array.fromAsync(
      readDataset(path, { idField: 'key', questionField: 'prompt', expectedField: 'gold' }),
    );
    expect(asked('{{id}} {{question}} {{prompt}} {{hint}} [{{note}}]', question)).toBe(
      '1 What, then? What, then? first []',
    );
    expect(faults('{{gold}}', question)).toEqual([
      '{{gold}} would tell the model the right answer; remove it',
    ]);
  });
});

describe('a condition with a prompt', () => {
  const echo = defineModel('echo', (text) => text);
  const dataset = [row] as readonly Question[];
  const trialsOf = (conditions: Conditions, others: object = {}) =>
    Array.fromAsync(runExperiment({ dataset, conditions, scorer: 'none', ...others }));

  it('asks with its prompt, and is found in the journal by what was asked', async () => {
    const journal = memoryJournal();
    const conditions = {
      plain: { models: [echo] },
      asked: { models: [echo], prompt: 'Q: {{question}}' },
      same: { models: [echo], prompt: 'Q: {{question}}', minResponses: 1 },
    };
    const trials = await trialsOf(conditions, { journal });
    expect(trials.map(({ result }) => 'answer' in result && result.answer)).toEqual([
      'which is a city?',
      'q: which is a city?',
      'q: which is a city?',
    ]);
    expect(journal.count).toBe(2);
    const prompt = 'Q: Which is a city?';
    const key = await callKey(echo, { prompt, messages: [{ role: 'user', content: prompt }] });
    expect(await journal.get(key)).toMatchObject({ status: 'answered', response: { text: prompt } });
    const again = await Array.fromAsync(rescore({ dataset, conditions, journal, scorer: 'none' }));
    expect(again.map(({ result }) => result.outcomes[0]?.status)).toEqual([
      'answered',
      'answered',
      'answered',
    ]);
  });

  it('is not answered by a response in the dataset, which answers the question itself', async () => {
    const responses = [{ model: 'echo', text: 'from the dataset' }];
    const trials = await trialsOf(
      { plain: { models: [echo] }, asked: { models: [echo], prompt: '{{question}}!' } },
      { dataset: [{ ...row, responses }] },
    );
    expect(trials.map(({ result }) => 'answer' in result && result.answer)).toEqual([
      'from the dataset',
      'which is a city?!',
    ]);
  });

  it.each([
    ['an array', (rows: readonly object[]) => rows],
    ['any iterable', (rows: readonly object[]) => ({ [Symbol.iterator]: () => rows[Symbol.iterator]() })],
  ])('is refused before a call, if the rows of %s lack a field', async (_, given) => {
    let calls = 0;
    const counted = defineModel('counted', () => {
      calls += 1;
      return '1';
    });
    const conditions = { a: { models: [counted], prompt: '{{choises}}' } };
    await expect(trialsOf(conditions, { dataset: given([row, row]) })).rejects.toThrow(
      'runExperiment: condition "a": prompt: {{choises}}: question "q7" has no such field',
    );
    expect(calls).toBe(0);
  });

  it('with a value that cannot be written as text is refused', async () => {
    const endless: Record<string, unknown> = {};
    endless.self = endless;
    await expect(
      trialsOf({ a: { models: [echo], prompt: '{{endless}}' } }, { dataset: [{ ...row, endless }] }),
    ).rejects.toThrow(/\{\{endless\}\}: question "q7": the value threw TypeError/);
  });

  it('is refused with its name, if its prompt is invalid', () => {
    expect(() => runExperiment({ dataset, conditions: { a: { models: [echo], prompt: 'x' } } })).toThrow(
      'runExperiment: condition "a": prompt has no field',
    );
  });
});
