import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/domain/errors.ts';
import type { ModelRequest } from '../../src/domain/request.ts';
import { callKey, fingerprintOf, memoryJournal, runExperiment } from '../../src/experiment/experiment.ts';
import type { Question } from '../../src/experiment/question.ts';
import { createEnsemble, defineModel } from '../../src/index.ts';
import { type ReadDatasetOptions, readDataset } from '../../src/node/read-dataset.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC',
  'base64',
);
const pdf = Buffer.from('%PDF-1.4\ncanary-of-the-pdf\n%%EOF\n');

/** A folder for a dataset, with files beside it, in it and below it. */
const folderOf = () => {
  const outer = temporaryFolder();
  const folder = join(outer, 'set');
  mkdirSync(join(folder, 'scans'), { recursive: true });
  writeFileSync(join(outer, 'secret.png'), png);
  writeFileSync(join(folder, 'photo.png'), png);
  writeFileSync(join(folder, 'scans', 'total is 42.pdf'), pdf);
  return { outer, folder };
};

type Cell = unknown;

/** Reads a dataset in which each row has this cell in the field `scan`. */
const read = (
  folder: string,
  cells: readonly Cell[],
  options: ReadDatasetOptions = {},
): Promise<Question[]> => {
  const path = join(folder, 'data.jsonl');
  writeFileSync(
    path,
    cells.map((scan, index) => JSON.stringify({ question: `Read ${index}`, expected: 1, scan })).join('\n'),
  );
  return Array.fromAsync(readDataset(path, { fileFields: ['scan'], ...options }));
};

const faultsOf = async (reading: Promise<unknown>): Promise<readonly string[]> => {
  const error = await reading.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ConfigError);
  return (error as ConfigError).faults.map((fault) => fault.replace(/^.*[/\\](?=data)/, ''));
};

/** The request of a question as a model receives it. */
const requestOf = async ({ question }: Question): Promise<ModelRequest> => {
  let received: ModelRequest | undefined;
  const model = defineModel('reader', (_, { request }) => {
    received = request;
    return 'read';
  });
  await createEnsemble({ models: [model] }).predict(question);
  return received as ModelRequest;
};

/** The types, names and bytes of the files of a request. */
const filesOf = ({ messages }: ModelRequest) =>
  messages.flatMap(({ content }) =>
    typeof content === 'string'
      ? []
      : content.flatMap((part) =>
          part.type === 'file'
            ? [
                [
                  part.mediaType,
                  part.filename,
                  typeof part.data === 'string' ? Buffer.from(part.data, 'base64') : part.data,
                ],
              ]
            : [],
        ),
  );

describe('the files of a dataset', () => {
  it.each(['jsonl', 'json', 'csv', 'tsv'] as const)('are part of the question, in %s', async (format) => {
    const { folder } = folderOf();
    const path = join(folder, `data.${format}`);
    const row = { question: 'How much?', expected: '42', scan: 'scans/total is 42.pdf', photo: 'photo.png' };
    const separator = format === 'csv' ? ',' : '\t';
    const table = [Object.keys(row), Object.values(row)].map((cells) => cells.join(separator)).join('\n');
    const lines = { jsonl: JSON.stringify(row), json: JSON.stringify([row]), csv: table, tsv: table };
    writeFileSync(path, lines[format]);
    const [question] = await Array.fromAsync(readDataset(path, { fileFields: ['scan', 'photo'] }));
    expect(question).toMatchObject({ expected: '42' });
    const request = await requestOf(question as Question);
    expect(request.prompt).toBe('How much?');
    // Not the name of the file, which tells the answer.
    expect(filesOf(request)).toStrictEqual([
      ['application/pdf', 'scan.pdf', pdf],
      ['image/png', 'photo.png', png],
    ]);
  });

  it('may be several in a field, none, or URLs', async () => {
    const { folder } = folderOf();
    const questions = await read(folder, [
      ['photo.png', 'scans/total is 42.pdf'],
      undefined,
      null,
      '',
      [],
      'https://example.com/a.pdf?page=1',
      ['http://example.com/picture'],
      `data:image/png;base64,${png.toString('base64')}`,
    ]);
    const [several, ...others] = await Promise.all(questions.map(requestOf));
    expect(filesOf(several as ModelRequest)).toStrictEqual([
      ['image/png', 'scan-1.png', png],
      ['application/pdf', 'scan-2.pdf', pdf],
    ]);
    for (const none of questions.slice(1, 5)) expect(none.question).toMatch(/^Read \d$/);
    expect(others.slice(4).map(filesOf)).toStrictEqual([
      [['application/pdf', undefined, new URL('https://example.com/a.pdf?page=1')]],
      [['image/*', undefined, new URL('http://example.com/picture')]],
      [['image/png', undefined, png]],
    ]);
  });

  it('come after the texts of the last turn of the user', async () => {
    const { folder } = folderOf();
    const path = join(folder, 'data.jsonl');
    const messages = [
      { role: 'user', content: 'Here is an invoice.' },
      { role: 'assistant', content: 'Thank you.' },
      { role: 'user', content: [{ type: 'text', text: 'How much?' }] },
    ];
    writeFileSync(path, JSON.stringify({ question: { system: 'Be exact.', messages }, scan: 'photo.png' }));
    const [question] = await Array.fromAsync(readDataset(path, { fileFields: ['scan'] }));
    const request = await requestOf(question as Question);
    expect(request).toMatchObject({ system: 'Be exact.', prompt: 'How much?' });
    expect(request.messages.slice(0, 2)).toStrictEqual(messages.slice(0, 2));
    expect(request.messages[2]?.content).toMatchObject([{ type: 'text' }, { mediaType: 'image/png' }]);
  });

  it('have the type that their content says, or else their extension', async () => {
    const { folder } = folderOf();
    writeFileSync(join(folder, 'wrong.pdf'), png);
    writeFileSync(join(folder, 'table.CSV'), 'a,b\n1,2\n');
    writeFileSync(join(folder, 'unknown.bin'), 'abc');
    const questions = await read(folder, ['wrong.pdf', 'table.CSV']);
    const requests = await Promise.all(questions.map(requestOf));
    expect(requests.map((request) => filesOf(request)[0]?.[0])).toStrictEqual(['image/png', 'text/csv']);
    expect(await faultsOf(read(folder, ['unknown.bin']))).toStrictEqual([
      expect.stringMatching(
        /^data\.jsonl, line 1: scan: neither the content nor the extension says the type of the file; known/,
      ),
    ]);
  });
});

describe('a file outside of the folder of a dataset', () => {
  const outside = 'scan is outside of the folder of the dataset';

  it.each([
    ['a path upwards', () => '../secret.png'],
    ['a path down and upwards', () => 'scans/../../secret.png'],
    ['the folder above', () => '..'],
    ['an absolute path', (outer: string) => join(outer, 'secret.png')],
    ['a missing file', () => '../../../missing.png'],
  ])('is refused: %s', async (_, cellOf) => {
    const { outer, folder } = folderOf();
    const [fault, ...others] = await faultsOf(read(folder, [cellOf(outer)]));
    expect(fault).toContain(`line 1: ${outside}`);
    expect(fault).not.toContain('secret');
    expect(others).toStrictEqual([]);
  });

  it.each(['../secret.png', 'link.png', 'linked/secret.png'])(
    'is read if it is allowed: %s',
    async (cell) => {
      const { outer, folder } = folderOf();
      symlinkSync(join(outer, 'secret.png'), join(folder, 'link.png'));
      symlinkSync(outer, join(folder, 'linked'));
      expect((await faultsOf(read(folder, [cell])))[0]).toContain(outside);
      const [question] = await read(folder, [cell], { allowOutside: true });
      expect(filesOf(await requestOf(question as Question))).toMatchObject([['image/png', 'scan.png', png]]);
    },
  );

  it('is not one within it by an absolute path, by a link, or by a folder whose name begins with dots', async () => {
    const { outer, folder } = folderOf();
    symlinkSync(join(folder, 'photo.png'), join(folder, 'link.png'));
    mkdirSync(join(folder, '..scans'));
    writeFileSync(join(folder, '..scans', 'a.png'), png);
    const cells = [join(folder, 'photo.png'), 'link.png', '..scans/a.png', 'scans/../photo.png'];
    expect(await read(folder, cells)).toHaveLength(4);
    // The dataset by a path with a link.
    symlinkSync(folder, join(outer, 'alias'));
    expect(await read(join(outer, 'alias'), cells)).toHaveLength(4);
    // A sibling whose name begins with that of the folder is outside.
    mkdirSync(join(outer, 'set-2'));
    writeFileSync(join(outer, 'set-2', 'a.png'), png);
    expect((await faultsOf(read(folder, ['../set-2/a.png'])))[0]).toContain(outside);
  });
});

describe('a file that cannot be used', () => {
  it('is a fault with its place, all of them at once, before the first question', async () => {
    const { folder } = folderOf();
    writeFileSync(join(folder, 'empty.png'), '');
    writeFileSync(join(folder, 'huge.png'), png);
    truncateSync(join(folder, 'huge.png'), 200_000_000);
    symlinkSync('loop.png', join(folder, 'loop.png'));
    const faults = await faultsOf(
      read(folder, [
        'photo.png',
        'missing.png',
        'scans',
        'a\0b.png',
        'empty.png',
        'huge.png',
        'loop.png',
        `${'x'.repeat(5000)}.png`,
        'photo.png/a',
        7,
        { path: 'photo.png' },
        ['photo.png', '', ['photo.png']],
        pathToFileURL(join(folder, 'photo.png')).href,
        'ftp://example.com/a.png',
        'data:image/png;base64,!',
      ]),
    );
    expect(faults.map((fault) => fault.replace('data.jsonl, ', ''))).toStrictEqual([
      'line 2: scan: there is no such file; paths are relative to the folder of the dataset',
      'line 3: scan is a folder; give a file',
      'line 4: scan has a NUL character, which no path has',
      'line 5: scan: the file is empty',
      'line 6: scan is too large: the file has 200000000 bytes, and a row may have 104857600 bytes of files',
      'line 7: scan: the file cannot be read (ELOOP)',
      'line 8: scan: the file cannot be read (ENAMETOOLONG)',
      'line 9: scan: the file cannot be read (ENOTDIR)',
      'line 10: scan must be the path of a file, an http(s) URL, or an array of them',
      'line 11: scan must be the path of a file, an http(s) URL, or an array of them',
      'line 12: scan[1] must be the path of a file, an http(s) URL, or an array of them',
      'line 12: scan[2] must be the path of a file, an http(s) URL, or an array of them',
      'line 13: scan is a URL that no provider fetches; read the file and give its bytes',
      'line 14: scan is a URL that no provider fetches; read the file and give its bytes',
      'line 15: scan is a data: URL without valid base64 in it',
    ]);
  });

  it('is not a device', async () => {
    const { folder } = folderOf();
    expect(await faultsOf(read(folder, ['/dev/null'], { allowOutside: true }))).toStrictEqual([
      'data.jsonl, line 1: scan is not a file, but a pipe, a socket or a device',
    ]);
  });

  it('is one of many that are counted', async () => {
    const { folder } = folderOf();
    const faults = await faultsOf(read(folder, Array(50).fill('missing.png')));
    expect(faults).toHaveLength(21);
    expect(faults.at(-1)).toBe('data.jsonl: 30 more faults of files');
    const [tooMany] = await faultsOf(read(folder, [Array(5000).fill('photo.png')]));
    expect(tooMany).toBe('data.jsonl, line 1: scan names more than 1000 files');
  });

  it('is one of several that are too large together', async () => {
    const { folder } = folderOf();
    writeFileSync(join(folder, 'large.png'), png);
    truncateSync(join(folder, 'large.png'), 60_000_000);
    expect(await faultsOf(read(folder, [['large.png', 'large.png', 'large.png']]))).toStrictEqual([
      'data.jsonl, line 1: scan[1] is too large: a row may have 104857600 bytes of files',
    ]);
  });

  it('is looked for in a field that the rows have', async () => {
    const { folder } = folderOf();
    expect(await faultsOf(read(folder, ['photo.png'], { fileFields: ['scan', 'scna'] }))).toStrictEqual([
      'data.jsonl: no row has a file in the field "scna" of "fileFields"; the rows have the fields question, expected, scan',
    ]);
  });

  it('is preceded by the faults of the options: without an effect, twice, empty', () => {
    const path = 'data.jsonl';
    expect(() => readDataset(path, { allowOutside: true })).toThrow('"allowOutside" has an effect on files');
    for (const fileFields of [['a', 'a'], [''], 'scan', [1]])
      expect(() => readDataset(path, { fileFields } as ReadDatasetOptions)).toThrow('"fileFields" must be');
  });
});

describe('the content of a file of a dataset', () => {
  it('is in keys by its digest, and printed by nothing', async () => {
    const { folder } = folderOf();
    writeFileSync(join(folder, 'same.pdf'), pdf);
    writeFileSync(join(folder, 'other.pdf'), Buffer.concat([pdf, Buffer.from('!')]));
    const questionOf = async (cell: string) => (await read(folder, [cell]))[0] as Question;
    const cells = ['scans/total is 42.pdf', 'same.pdf', 'other.pdf'];
    const [question, same, other] = await Array.fromAsync(cells, questionOf);
    const keyOf = async (each = question) => callKey({ id: 'm' }, await requestOf(each as Question));
    expect(await keyOf(same)).toBe(await keyOf());
    expect(await keyOf(other)).not.toBe(await keyOf());
    const fingerprint = (each = question) => fingerprintOf({ dataset: [each] });
    expect(await fingerprint(same)).toBe(await fingerprint());
    expect(await fingerprint(other)).not.toBe(await fingerprint());
    const shown = [JSON.stringify(question), inspect(question, { depth: null, showHidden: true })].join('\n');
    expect(shown).not.toContain('canary-of-the-pdf');
    expect(shown).not.toContain(pdf.toString('base64').slice(8, 40));
    expect(shown).not.toContain('total is 42');
  });

  it('is sent in an experiment, also with a prompt, and not again if the call is recorded', async () => {
    const { folder } = folderOf();
    await read(folder, ['photo.png', 'scans/total is 42.pdf']);
    const received: unknown[] = [];
    const reader = defineModel('reader', (question, { request }) => {
      received.push([question, ...filesOf(request)]);
      return '1';
    });
    const journal = memoryJournal();
    const run = () =>
      runExperiment({
        dataset: readDataset(join(folder, 'data.jsonl'), { fileFields: ['scan'] }),
        conditions: { reader: { models: [reader], prompt: 'Task: {{question}}' } },
        concurrency: 1,
        journal,
      });
    for await (const _ of run());
    expect(received).toStrictEqual([
      ['Task: Read 0', ['image/png', 'scan.png', png]],
      ['Task: Read 1', ['application/pdf', 'scan.pdf', pdf]],
    ]);
    for await (const _ of run());
    expect(received).toHaveLength(2);
  });
});

describe('files that are too large for a condition of an experiment', () => {
  const LARGE = [3000, 300, 4000];
  const large = (options: { maxRequestBytes?: number; sample?: { size: number; seed: number } } = {}) => {
    const { folder } = folderOf();
    const path = join(folder, 'data.jsonl');
    const rows = LARGE.map((bytes, index) => {
      writeFileSync(join(folder, `${index}.png`), Buffer.concat([png, Buffer.alloc(bytes - png.length)]));
      return JSON.stringify({ question: 'Read it', expected: 'read', scan: [`${index}.png`] });
    });
    writeFileSync(path, ['{"question":"Say it","expected":"read"}', ...rows].join('\n'));
    let calls = 0;
    const model = defineModel('reader', () => {
      calls += 1;
      return 'read';
    });
    const { sample, maxRequestBytes } = options;
    const trials = Array.fromAsync(
      runExperiment({
        dataset: readDataset(path, { fileFields: ['scan'] }),
        conditions: {
          any: { models: [model] },
          few: { models: [model], ...(maxRequestBytes !== undefined && { maxRequestBytes }) },
        },
        ...(sample && { sample }),
      }),
    );
    return { trials, calls: () => calls };
  };

  it('are all found before the first call, by their sizes', async () => {
    const { trials, calls } = large({ maxRequestBytes: 3000 });
    expect(await faultsOf(trials)).toStrictEqual(
      [4000, 5336].map((size, index) =>
        expect.stringContaining(
          `data.jsonl, line ${[2, 4][index]}: question: the query has ${size} bytes with its files as base64, and "maxRequestBytes" is 3000`,
        ),
      ),
    );
    expect(calls()).toBe(0);
  });

  it('are no fault below the limit of each condition, nor if they are not drawn', async () => {
    expect(await large({ maxRequestBytes: 5400 }).trials).toHaveLength(8);
    const outcomes = await Promise.allSettled(
      [1, 2, 3, 4, 5, 6, 7, 8].map(
        (seed) => large({ maxRequestBytes: 3000, sample: { size: 1, seed } }).trials,
      ),
    );
    expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['fulfilled', 'rejected']));
  });
});
