import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/domain/errors.ts';
import type { Question } from '../../src/experiment/question.ts';
import { type ReadDatasetOptions, readDataset } from '../../src/node/read-dataset.ts';
import { fileOf } from '../cli/recording.ts';

const questionsOf = (
  content: string | Uint8Array,
  name: string,
  options?: ReadDatasetOptions,
): Promise<Question[]> => Array.fromAsync(readDataset(fileOf(content, name), options));

/** Returns the faults of reading, without the random folder. */
const faultsOf = async (content: string | Uint8Array, name: string): Promise<readonly string[]> => {
  const error = await questionsOf(content, name).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ConfigError);
  return (error as ConfigError).faults.map((fault) => fault.replace(/^.*[/\\](?=data)/, ''));
};

const questions: Question[] = [
  { id: 'a', question: 'What is "2 + 2",\nas a word?', expected: 'four', category: 'sums' },
  { id: '2', question: 'Who wrote é?\u2028', expected: 'nobody' },
];

const formats = {
  'data.jsonl': (items: readonly Question[]) => items.map((item) => `${JSON.stringify(item)}\n`).join(''),
  'data.ndjson': (items: readonly Question[]) => items.map((item) => JSON.stringify(item)).join('\r\n\r\n'),
  'data.json': (items: readonly Question[]) => JSON.stringify(items, undefined, 2),
  'data.csv': (items: readonly Question[]) =>
    Papa.unparse([...items], { columns: ['category', 'expected', 'id', 'unknown', 'question'] }),
  'data.tsv': (items: readonly Question[]) =>
    Papa.unparse([...items], { columns: ['category', 'expected', 'id', 'question'], delimiter: '\t' }),
};

describe.each(Object.entries(formats))('a dataset in %s', (name, write) => {
  it.each([
    ['unchanged', (content: string) => content],
    ['after a byte order mark', (content: string) => `\ufeff${content}`],
    ['gzipped, whatever its name', (content: string) => gzipSync(content)],
  ])('is read %s', async (_, change) => {
    expect(await questionsOf(change(write(questions)), name)).toStrictEqual(questions);
  });

  it('is read by any name if the format is given', async () => {
    const format = name.replace('data.', '').replace('ndjson', 'jsonl') as 'jsonl';
    expect(await questionsOf(write(questions), 'data', { format })).toStrictEqual(questions);
    expect(await questionsOf(gzipSync(write(questions)), `${name}.gz`)).toStrictEqual(questions);
  });

  it('is read back as it was written, whatever its fields contain', async () => {
    const text = fc.string({ unit: 'binary', minLength: 1 });
    const dataset = fc.uniqueArray(
      fc.record(
        { id: text, question: text.filter((question) => question.trim() !== ''), expected: text },
        { noNullPrototype: true },
      ),
      {
        selector: ({ id }) => id,
        minLength: 1,
        maxLength: 20,
      },
    );
    await fc.assert(
      fc.asyncProperty(dataset, async (items) => {
        expect(await questionsOf(write(items), name)).toStrictEqual(items);
      }),
      { numRuns: 40 },
    );
  });

  it('refuses an id that is used twice, with both places', async () => {
    const twice = [...questions, { id: 'a', question: 'Again?' }];
    const [fault] = await faultsOf(write(twice), name);
    expect(fault).toMatch(/^data\.\w+, (?:line|item) \d: id is already used in (?:line|item) \d$/);
  });

  it('refuses a record that is not a question, and does not quote it', async () => {
    const faults = await faultsOf(
      write([...questions, { id: 'b', question: '', expected: 'a secret' }]),
      name,
    );
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(
      /^data\.\w+, (?:line|item) \d: question must be a string that is not blank, or/,
    );
    expect(faults[0]).not.toContain('secret');
  });

  it('can be iterated again, and left early', async () => {
    const dataset = readDataset(fileOf(write(questions), name));
    for await (const question of dataset) {
      expect(question).toStrictEqual(questions[0]);
      break;
    }
    expect(await Array.fromAsync(dataset)).toStrictEqual(questions);
  });
});

describe('readDataset', () => {
  it('reads fields by other names, and uses the number of the line if there is no id', async () => {
    const options = { idField: 'key', questionField: 'prompt', expectedField: '__proto__' };
    const lines = '\n{"prompt":"One?","__proto__":1}\n{"key":7,"prompt":"Two?","question":"no"}\n';
    expect(await questionsOf(lines, 'data.jsonl', options)).toStrictEqual([
      { id: '2', question: 'One?', expected: 1 },
      { id: '7', question: 'Two?' },
    ]);
    expect(await questionsOf('prompt,__proto__\nOne?,1\n', 'data.csv', options)).toStrictEqual([
      { id: '2', question: 'One?', expected: '1' },
    ]);
  });

  it('reads conversations, and expected answers that are not strings', async () => {
    const question = { system: 'Be brief.', messages: [{ role: 'user', content: 'Which?' }] };
    const record = { id: '1', question, expected: { city: 'Paris' } };
    expect(await questionsOf(JSON.stringify([record]), 'data.json')).toStrictEqual([record]);
  });

  it('reads recorded responses', async () => {
    const responses = [{ model: 'a', text: '[Yes]', latencyMs: 450, tokensOut: 2, costUsd: 0.001 }];
    const record = { id: '1', question: 'Is 7 prime?', responses };
    expect(await questionsOf(`${JSON.stringify(record)}\n`, 'data.jsonl')).toStrictEqual([record]);
  });

  it('lists every fault of a record', async () => {
    const record = {
      id: [],
      question: { messages: [] },
      category: 7,
      responses: [{ model: '', text: 'a secret', costUsd: -1 }, 'x', { model: 'b' }],
    };
    const faults = await faultsOf(`\n${JSON.stringify(record)}\n`, 'data.jsonl');
    expect(faults).toStrictEqual([
      'data.jsonl, line 2: id must be a string or a number',
      'data.jsonl, line 2: question must be a string that is not blank, or { messages }',
      'data.jsonl, line 2: category must be a string',
      'data.jsonl, line 2: responses[0].model must be a string that is not empty',
      expect.stringMatching(
        /^data\.jsonl, line 2: responses\[0\]\.costUsd must be a number from 0 to [\d.e+]+$/,
      ),
      'data.jsonl, line 2: responses[1] must be { model, text }',
      'data.jsonl, line 2: responses[2].text is missing; it must be a string',
    ]);
  });

  const one = '{"id":"1","question":"One?"}\n';
  it.each([
    ['a line that is not JSON', 'data.jsonl', `${one}{"id":secret}\n`, ', line 2: invalid JSON'],
    [
      'an incomplete last line',
      'data.jsonl',
      `${one}${one.slice(0, -6)}`,
      ', line 2: invalid JSON; the last line is incomplete',
    ],
    ['a line that is not an object', 'data.jsonl', '[1]\n', ', line 1: expected an object with a question'],
    [
      'bytes that are not UTF-8',
      'data.jsonl',
      Buffer.from('{"id":"\xff"}\n', 'latin1'),
      ', line 1: invalid JSON',
    ],
    ['an item that is not an object', 'data.json', '[null]', ', item 1: expected an object with a question'],
    ['an object in place of an array', 'data.json', '{}', ': expected a JSON array of questions'],
    ['invalid JSON', 'data.json', '[{"id":secret}]', ': expected a JSON array of questions'],
    [
      'a record with too few cells',
      'data.csv',
      'id,question\n1,One?\n2\n',
      ', line 3: invalid CSV (CSV_RECORD_INCONSISTENT_FIELDS_LENGTH)',
    ],
    [
      'a quote that is never closed',
      'data.csv',
      'id,question\n1,"secret\n',
      ', line 2: invalid CSV (CSV_QUOTE_NOT_CLOSED)',
    ],
    [
      'a CSV file in another encoding',
      'data.csv',
      Buffer.from('id,question\n1,\xe9?\n', 'latin1'),
      ': invalid UTF-8; save the file as UTF-8',
    ],
    [
      'a CSV file without the field',
      'data.csv',
      'id,prompt\n1,One?\n',
      ', line 2: question must be a string that is not blank, or { messages }; the rows have the fields id, prompt, separated by ",": name the question "question", or set "questionField", probably to "prompt"',
    ],
    [
      'a truncated gzip file',
      'data.jsonl',
      gzipSync(one).subarray(0, -4),
      ', after line 1: the gzip file is truncated or damaged (Z_BUF_ERROR)',
    ],
  ])('refuses %s and reports the place', async (_, name, content, fault) => {
    expect(await faultsOf(content, name)).toStrictEqual([`${name}${fault}`]);
  });

  it('refuses a missing file, and a folder', async () => {
    const path = fileOf('', 'data.jsonl');
    await expect(Array.fromAsync(readDataset(`${path}-absent.json`))).rejects.toThrow(
      'there is no such file',
    );
    const folder = path.replace(/data\.jsonl$/, '');
    await expect(Array.fromAsync(readDataset(folder, { format: 'csv' }))).rejects.toThrow(
      'is a folder; give a file',
    );
  });

  it('lists every invalid option at once, and opens nothing', () => {
    const options = { format: 'xml', idField: '', questionField: 1, answerField: 'x' };
    expect(() => readDataset('', options as unknown as ReadDatasetOptions)).toThrow(
      expect.objectContaining({ faults: expect.objectContaining({ length: 5 }) }),
    );
    expect(() => readDataset('data.txt')).toThrow('the extension of "data.txt" is not a known format');
  });

  it('refuses a line and an array above 100 MiB', async () => {
    const megabyte = gzipSync('x'.repeat(2 ** 20));
    // A gzip file may have several members, so a megabyte need not be compressed 101 times.
    const long = Buffer.concat([
      gzipSync(`${one}{"id":"2","question":"`),
      ...Array.from({ length: 101 }, () => megabyte),
    ]);
    const [line] = await faultsOf(long, 'data.jsonl');
    expect(line).toMatch(/^data\.jsonl, line 2: the line is longer than 104857600 bytes/);
    const [array] = await faultsOf(long, 'data.json');
    expect(array).toMatch(/^data\.json: the file is longer than 104857600 bytes/);
  });
});

const recordings = new URL('../../../shared/data/', import.meta.url);
const reference = new URL('reference.json', recordings);

describe.skipIf(!existsSync(reference))(
  'recorded answers of real models (skipped if the files are missing)',
  () => {
    it.each([
      ['gsm8k-zeroeval-8peers', 660, 8],
      ['farel-8models', 225, 8],
      ['mmlu-pro-9models-2k', 996, 9],
      ['prime-llmdrift-4models', 500, 4],
    ])('%s is read unchanged', async (name, count, models) => {
      const path = new URL(`${name}.jsonl.gz`, recordings).pathname;
      const read = await Array.fromAsync(readDataset(path));
      expect(read).toHaveLength(count);
      expect(new Set(read.flatMap(({ responses = [] }) => responses.map(({ model }) => model))).size).toBe(
        models,
      );
      const lines = gunzipSync(readFileSync(path)).toString().trimEnd().split('\n');
      expect(read).toEqual(lines.map((line) => JSON.parse(line)));
    });
  },
);

describe('a CSV file with another delimiter', () => {
  const rows: Question[] = [
    { id: '1', question: 'What is 1,5 + 2; as a number?', expected: '3,5' },
    { id: '2', question: 'Which is "it"?\nThis\tone | that one', expected: 'this' },
  ];
  const written = (delimiter: string, columns = ['id', 'question', 'expected'], newline = '\r\n'): string =>
    Papa.unparse([...rows], { delimiter, columns, newline });

  it.each([',', ';', '\t', '|'])('%j is read by its header row', async (delimiter) => {
    for (const columns of [
      ['id', 'question', 'expected'],
      ['question', 'expected', 'id'],
    ]) {
      for (const newline of ['\n', '\r\n']) {
        const content = written(delimiter, columns, newline);
        for (const name of ['data.csv', 'data.tsv', 'data.tab', 'data.csv.gz']) {
          expect(await questionsOf(content, name)).toStrictEqual(rows);
          expect(await questionsOf(`\ufeff${content}`, name)).toStrictEqual(rows);
        }
      }
    }
  });

  it('is read by the option, and by the first line that Excel writes', async () => {
    expect(await questionsOf(written('~'), 'data.csv', { delimiter: '~' })).toStrictEqual(rows);
    for (const delimiter of [',', ';', '\t', '~']) {
      expect(await questionsOf(`sep=${delimiter}\r\n${written(delimiter)}`, 'data.csv')).toStrictEqual(rows);
    }
  });

  it('counts the lines of the file in messages, with the first line of Excel', async () => {
    expect(await faultsOf('sep=;\r\nquestion;expected\r\nOne?;1\r\n;2\r\n', 'data.csv')).toStrictEqual([
      expect.stringMatching(/^data\.csv, line 4: question must be/),
    ]);
  });

  it('prefers the delimiter with which the column of questions is there', async () => {
    // More commas than semicolons.
    const header = '"a, b, c, d";question;expected';
    expect(await questionsOf(`${header}\nx;One?;1\n`, 'data.csv')).toStrictEqual([
      { id: '2', question: 'One?', expected: '1' },
    ]);
    expect(
      await questionsOf('id, no, in, list;prompt\n7;One?\n', 'data.csv', { questionField: 'prompt' }),
    ).toStrictEqual([{ id: '2', question: 'One?' }]);
    expect(await questionsOf('question\nOne, two; three?\n'.replace(', ', ' '), 'data.csv')).toStrictEqual([
      { id: '2', question: 'One two; three?' },
    ]);
  });

  it('is read without quotes that quote nothing, if it has tabs', async () => {
    expect(await questionsOf('question\texpected\nWho said "I am"?\t5" disk\n', 'data.tsv')).toStrictEqual([
      { id: '2', question: 'Who said "I am"?', expected: '5" disk' },
    ]);
  });

  it('is refused with the delimiter that it seems to have', async () => {
    expect(await faultsOf('id;prompt;label\n1;One?;1\n', 'data.csv')).toStrictEqual([
      'data.csv, line 2: question must be a string that is not blank, or { messages }; the rows have the fields id, prompt, label, separated by ";": name the question "question", or set "questionField", probably to "prompt"',
    ]);
    expect(await faultsOf('id\tprompt\n1\tOne?\n', 'data.csv')).toStrictEqual([
      expect.stringContaining('the rows have the fields id, prompt, separated by tabs: '),
    ]);
    expect(await faultsOf('id~prompt\n1~One?\n', 'data.csv')).toStrictEqual([
      expect.stringContaining(
        'the rows have the one field id~prompt, separated by ",": set "delimiter" if it is another: ',
      ),
    ]);
  });

  it.each([
    ['data.csv', { delimiter: '' }, 'must be one character'],
    ['data.csv', { delimiter: ';;' }, 'must be one character'],
    ['data.csv', { delimiter: '"' }, 'must be one character'],
    ['data.jsonl', { delimiter: ';' }, 'has an effect on "csv" and "tsv" only'],
  ])('is refused at once: %s with %j', (name, options, fault) => {
    expect(() => readDataset(name, options)).toThrow(fault);
  });
});
