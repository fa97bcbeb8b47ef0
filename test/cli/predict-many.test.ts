import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Conversation } from '../../src/index.ts';
import { fileOf } from './recording.ts';
import { runCommand } from './run-command.ts';

const sums = Array.from({ length: 30 }, (_, index) => `What is ${index} + 1?`);
const simulate = ['--simulate', '1', '-n', 'numeric'];

const parsed = (stdout: string): Record<string, never>[] =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

const inFile = (name: string, content: string): string => fileOf(content, name);

describe('many questions', () => {
  it('are answered in order, one line of JSON each', async () => {
    const { code, stdout, stderr } = await runCommand(['--lines', '--json', ...simulate], {
      input: sums.join('\n'),
    });
    const lines = parsed(stdout);
    expect(lines.map(({ query }) => query)).toEqual(sums);
    expect(lines.map(({ id }) => id)).toEqual(sums.map((_, index) => String(index + 1)));
    expect(lines[4]).toMatchObject({
      outcomes: [{ model: 'cirrus-small' }],
      simulatedModels: ['cirrus-small'],
    });
    expect(stderr).toMatch(/\n30 questions: 30 answered \(\$0\.006\)\n$/);
    expect(code).toBe(0);
  });

  it.each([
    ['q.txt', 'What is 1 + 1?\r\n\r\nWhat is 2 + 2?\r\n', ['1', '3']],
    ['q.jsonl', '{"question":"What is 1 + 1?"}\n{"id":"b","question":"What is 2 + 2?"}\n', ['1', 'b']],
    ['q.json', '[{"id":"a","question":"What is 1 + 1?"},{"id":"b","question":"What is 2 + 2?"}]', ['a', 'b']],
    ['q.csv', 'id,question\na,What is 1 + 1?\nb,"What is 2 + 2?"\n', ['a', 'b']],
  ])('come from the file %s', async (name, content, ids) => {
    const { stdout } = await runCommand(['--input', inFile(name, content), '--json', ...simulate]);
    const lines = parsed(stdout);
    expect(lines.map(({ id }) => id)).toEqual(ids);
    expect(lines.map(({ query }) => query)).toEqual(['What is 1 + 1?', 'What is 2 + 2?']);
  });

  it.each([
    ['a\nb\n', undefined],
    ['\na\n\n \t\nb', '3 blank lines of standard input skipped'],
    ['a\n\nb\n', '1 blank line of standard input skipped'],
  ])('are the lines that are not blank, and the others are counted: %j', async (input, note) => {
    const { stdout, stderr } = await runCommand(['--lines', '--json', ...simulate], { input });
    expect(parsed(stdout).map(({ query }) => query)).toEqual(['a', 'b']);
    if (note === undefined) expect(stderr).not.toContain('blank');
    else expect(stderr).toContain(`${note}\n`);
  });

  it('come from another field, with files, and with files for all of them', async () => {
    const png = '\x89PNG\r\n\x1a\n0000';
    const path = inFile('q.csv', 'ask;front;back\nWhat is 1 + 1?;a.png;\nWhat is 2 + 2?;a.png;b.png\n');
    for (const name of ['a.png', 'b.png', 'all.png'])
      writeFileSync(join(dirname(path), name), Buffer.from(png, 'latin1'));
    const fields = ['--question-field', 'ask', '--file-field', 'front', '--file-field', 'back'];
    const { code, stdout } = await runCommand([
      ...['--input', path, ...fields, '--json', ...simulate],
      ...['--file', join(dirname(path), 'all.png'), '--file', 'https://example.com/x.png'],
    ]);
    const contents = parsed(stdout).map(
      ({ query }) => (query as unknown as Conversation).messages[0]?.content,
    );
    const image = (filename: string) => ({ type: 'file', mediaType: 'image/png', filename });
    const all = [image('file-1.png'), { mediaType: 'image/png' }];
    expect(code).toBe(0);
    expect(contents).toMatchObject([
      [{ text: 'What is 1 + 1?' }, image('front.png'), ...all],
      [{ text: 'What is 2 + 2?' }, image('front.png'), image('back.png'), ...all],
    ]);
  });

  it('may each have files outside of the folder only with --allow-outside', async () => {
    const other = inFile('a.csv', 'a,b');
    const path = inFile('q.csv', `question,scan\nWhat is 1 + 1?,${other}\n`);
    const argv = ['--input', path, '--file-field', 'scan', ...simulate];
    const refused = await runCommand(argv);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('or pass --allow-outside if you trust the dataset');
    expect((await runCommand([...argv, '--allow-outside'])).code).toBe(0);
  });

  it.each(['""', '" "', '{"messages":[{"role":"user","content":" "}]}'])(
    'of a record are refused if they are blank: %s',
    async (question) => {
      const path = inFile('q.jsonl', `{"question":"What is 1 + 1?"}\n{"question":${question}}\n`);
      const { code, stderr } = await runCommand(['--input', path, ...simulate]);
      expect(code).toBe(2);
      expect(stderr).toMatch(/q\.jsonl, line 2: .*question/);
    },
  );

  it('without an answer have a line with the reason, and the exit code is 1', async () => {
    const input = 'What is 2 + 2?\nHow are you?\nWhat is 3 + 3?\n';
    const json = await runCommand(['--lines', '--json', ...simulate], { input });
    expect(parsed(json.stdout)).toMatchObject([
      { query: 'What is 2 + 2?', metadata: {} },
      {
        query: 'How are you?',
        error: { name: 'InsufficientResponsesError' },
        outcomes: [{ status: 'abstained' }],
      },
      { query: 'What is 3 + 3?', metadata: {} },
    ]);
    const { code, stdout, stderr } = await runCommand(['--lines', ...simulate], { input });
    expect(stdout.split('\n')[1]).toMatch(/^–\tno prediction: .*a number was not found.*\tHow are you\?$/);
    expect(stderr).toMatch(/3 questions: 2 answered, 1 without an answer/);
    expect(code).toBe(1);
  });

  it('are read only as fast as their answers are written', async () => {
    const input = new PassThrough({ highWaterMark: 1 });
    let read = 0;
    let isOver = false;
    // Each line is longer than the buffers on the way, so that what is read can be counted.
    const feed = async (): Promise<void> => {
      for (const sum of sums) {
        if (isOver) return;
        read += 1;
        const line = `${sum}${' '.repeat(200_000)}\n`;
        if (!input.write(line)) await new Promise((resolve) => input.once('drain', resolve));
      }
    };
    void feed();
    const failure = Object.assign(new Error('closed'), { code: 'EPIPE' });
    let written = 0;
    const { code } = await runCommand(['--lines', '--concurrency', '2', '--json', ...simulate], {
      input,
      onWrite: (text) => {
        written += text === '' ? 0 : 1;
        return written > 1 ? failure : undefined;
      },
    });
    isOver = true;
    expect(code).toBe(0);
    // Two in flight, one written, one refused, and a few in the buffers between.
    expect(read).toBeLessThan(15);
  });

  it('end with 130 at an interrupt, with what is done', async () => {
    const interrupt = new AbortController();
    const { code, stdout, stderr } = await runCommand(['--lines', '--concurrency', '1', ...simulate], {
      input: sums.join('\n'),
      signal: interrupt.signal,
      onWrite: () => {
        interrupt.abort();
        return undefined;
      },
    });
    expect(code).toBe(130);
    expect(stdout).toContain('What is 0 + 1?');
    expect(stderr).toMatch(/interrupted; \d questions?: \d answered/);
  });

  it.each([
    [['--lines', 'What?'], 'a question and --lines exclude each other; remove one'],
    [
      ['--input', 'q.pdf'],
      '--input must end in .txt (a question a line), .jsonl, .json, .csv or .tsv (a field "question"), but got "q.pdf"',
    ],
    [['--lines'], 'standard input has no question'],
    [['What?', '--concurrency', '3'], '--concurrency needs --input or --lines'],
  ])('%j: %s', async (argv, fault) => {
    const { code, stderr } = await runCommand([...argv, '--simulate', '1']);
    expect(stderr).toContain(`crucible-ensemble: ${fault}\n`);
    expect(code).toBe(2);
  });

  it('name the file that was probably meant, and the line of an invalid record', async () => {
    const path = inFile('questions.jsonl', '{"question":"a"}\n{"question":\n');
    const near = await runCommand(['--input', path.replace('questions', 'qestions'), '--simulate', '1']);
    expect(near.stderr).toMatch(/there is no such file; did you mean .*\/questions\.jsonl\?\n/);
    const invalid = await runCommand(['--input', path, '--simulate', '1']);
    expect(invalid.stderr).toMatch(/questions\.jsonl, line 2: invalid JSON/);
    expect(readFileSync(path, 'utf8')).toContain('"a"');
  });
});

describe('one question', () => {
  it('is asked with instructions and samples, and refuses a limit of money that limits nothing', async () => {
    const argv = ['What is 2 + 2?', '--simulate', '1', '--samples', '3', '--json'];
    const { stdout } = await runCommand([...argv, '--system', 'Be brief.']);
    const { metadata, outcomes } = JSON.parse(stdout);
    expect(outcomes).toHaveLength(3);
    expect(metadata.successes).toBe(3);
    const { stderr, code } = await runCommand([...argv, '--max-usd', '0']);
    expect(stderr).toContain('--max-usd must be a number of USD above 0, but got 0');
    expect(code).toBe(2);
    for (const [flag, value] of [
      ['--simulate', '1'],
      ['--replay', 'answers.jsonl'],
    ] as const) {
      const refused = await runCommand(['What is 2 + 2?', flag, value, '--max-usd', '1']);
      expect(refused.stderr).toMatch(
        new RegExp(
          `${flag} and --max-usd exclude each other, because .* sends? nothing that is paid; remove one`,
        ),
      );
      expect(refused.code).toBe(2);
    }
  });

  it('is asked of the ensemble of a file, which other options override', async () => {
    const path = inFile(
      'ensemble.json',
      JSON.stringify({
        $schema: 'any',
        names: { twin: { model: 'ollama/any', settings: { temperature: 0 } } },
        models: [{ simulated: { id: 'a', accuracy: 1 } }, { simulated: { id: 'b', accuracy: 1 } }],
        normalization: 'numeric',
        execution: { sequential: { minConsensus: 1 } },
        earlyStop: { consensus: 1 },
      }),
    );
    const ask = async (...argv: readonly string[]) =>
      JSON.parse((await runCommand(['What is 2 + 2?', '--ensemble', path, '--json', ...argv])).stdout);
    expect(await ask()).toMatchObject({
      answer: 4,
      metadata: { execution: 'sequential', modelsUsed: ['a', 'b'] },
      simulatedModels: ['a', 'b'],
    });
    expect(await ask('-n', 'lowercaseTrim', '-e', 'parallel', '--simulate', '3')).toMatchObject({
      answer: '4',
      metadata: { execution: 'parallel', modelsUsed: ['cirrus-small', 'beacon-medium', 'atlas-large'] },
    });
  });

  it('is not asked if the file has faults, which are listed with their places', async () => {
    const path = inFile(
      'ensemble.json',
      JSON.stringify({
        models: [{ model: 'openai/a', apiKey: 'k' }, 'gpt', { simulatd: {} }, 7],
        strategi: 'majority',
        execution: { hedge: {} },
        pricing: {},
      }),
    );
    const { code, stderr } = await runCommand(['What?', '--ensemble', path]);
    expect(code).toBe(2);
    expect(stderr.replaceAll(`--ensemble: ${path}: `, '')).toBe(`crucible-ensemble: 6 problems
- models[1]: there is no model "gpt"; write it as provider/model, such as openai/gpt-6-luna
- models[2]: expected one of { "simulated": … }, { "recorded": … }, but got "simulatd"
- models[3]: expected a name, { "model": name, … } or { "simulated": … }, but got 7
- strategi: there is no such field; did you mean "strategy"?
- execution: expected one of { "parallel": … }, { "sequential": … }, { "hedged": … }, { "cascade": … }, but got "hedge"
- pricing: there is no such field; the fields are $schema, names, name, models, execution, strategy, normalization, grouping, decide, timeoutMs, deadlineMs, minResponses, system, settings, maxRequestBytes, samples, acceptUnfinished, debug, telemetryMetadata, earlyStop, retry, circuitBreaker, concurrency, rateLimit, cache, budget, panel
See crucible-ensemble predict --help.
`);
  });

  it('says of which file an option is wrong', async () => {
    const path = inFile('ensemble.json', '{"models":[{"simulated":{"id":"a"}}],"timeoutMs":-1}');
    const { stderr } = await runCommand(['What?', '--ensemble', path]);
    expect(stderr).toMatch(/ensemble\.json: option "timeoutMs" must be .* but got -1\n/);
  });
});
