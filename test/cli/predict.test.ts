import { getEventListeners } from 'node:events';
import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { fileOf, jsonLines, recorded } from './recording.ts';
import { runCommand } from './run-command.ts';
import { screenOf } from './screen.ts';

const version = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version;

const question = 'What is 17 * 23?';
const replayOf = (...texts: readonly string[]): string[] => [
  question,
  '--replay',
  fileOf(jsonLines(recorded(question, ...texts))),
];

/** Replays a model that answers after a minute, and one that answers at once. */
const slowReplay = (): string[] => [
  question,
  '--replay',
  fileOf(
    jsonLines({
      question,
      responses: [
        { model: 'slow', text: '391', latencyMs: 60_000 },
        { model: 'quick', text: '391' },
      ],
    }),
  ),
  '--with-latency',
  '--timeout-ms',
  'Infinity',
];

describe('crucible-ensemble predict', () => {
  it('prints a line for each call and the answer, and exits with 0', async () => {
    const { code, stdout, stderr } = await runCommand(['predict', ...replayOf('391', '391', '389')]);
    expect(stdout).toMatch(/^✓ a .* 391\n✓ b .* 391\n✓ c .* 389\n\n/);
    expect(stdout).toContain('answer     391\n');
    expect(stdout).toContain('consensus  67 % of 3 votes (391: 2, 389: 1)\n');
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });

  it('says which models were not in time', async () => {
    const argv = [...slowReplay(), '--deadline-ms', '20', '--min-responses', '1'];
    const plain = await runCommand(argv);
    expect(plain.stdout).toContain('missing    slow: not in time (deadline 20 ms)\n');
    expect(plain.stdout).not.toContain('cancelled');
    expect((await runCommand(argv, { isTTY: true })).stdout).toMatch(/slow .*not in time/);
  });

  it('is the default command', async () => {
    const { code, stdout } = await runCommand(replayOf('391', '391'));
    expect(stdout).toContain('answer     391\n');
    expect(code).toBe(0);
  });

  it('accepts a question that begins like an option', async () => {
    const replay = fileOf(jsonLines(recorded('-5 + 3', '-2')));
    expect((await runCommand(['-5 + 3', '--replay', replay])).code).toBe(0);
    const dashed = fileOf(jsonLines(recorded('--x', '-2')));
    expect((await runCommand(['predict', '--replay', dashed, '--', '--x'])).code).toBe(0);
  });

  it('reads the question from standard input for -', async () => {
    const path = fileOf(jsonLines(recorded('Two\nlines?', 'yes')));
    const { code, stdout } = await runCommand(['predict', '-', '--replay', path, '--json'], {
      input: 'Two\nlines?\n',
    });
    expect(JSON.parse(stdout)).toMatchObject({ query: 'Two\nlines?', answer: 'yes' });
    expect(code).toBe(0);
  });

  it('prints exactly one JSON document, the prediction, for --json', async () => {
    const { stdout } = await runCommand([
      ...replayOf('391.', 'It is 391', 'no idea'),
      '-n',
      'numeric',
      '--json',
    ]);
    const prediction = JSON.parse(stdout);
    expect(Object.keys(prediction)).toEqual(['query', 'answer', 'text', 'metadata', 'outcomes']);
    expect(prediction).toMatchObject({
      query: question,
      answer: 391,
      metadata: { votes: { 391: 2 }, consensus: 1, successes: 2, abstentions: 1, execution: 'parallel' },
    });
    expect(prediction.outcomes.map(({ status }: { status: string }) => status)).toEqual([
      'answered',
      'answered',
      'abstained',
    ]);
  });

  it.each([
    [['--strategy', 'unanimous', '--execution', 'parallel'], 'unanimous', 'parallel'],
    [['-s', 'weighted', '-e', 'sequential', '--min-consensus', '0.6'], 'weighted', 'sequential'],
    [
      ['-s', 'bestConfidence', '-e', 'hedged', '--hedge-delay-ms', '5', '--max-hedges', '1'],
      'bestConfidence',
      'hedged',
    ],
    [['-e', 'cascade', '--confidence-threshold', '0.5'], 'bestConfidence', 'cascade'],
  ])('passes %j on', async (flags, strategy, execution) => {
    const { stdout } = await runCommand([...replayOf('391', '391'), ...flags, '--json']);
    expect(JSON.parse(stdout).metadata).toMatchObject({ strategy, execution });
  });

  it('stops early, and names the cancelled models', async () => {
    const { stdout } = await runCommand([...slowReplay(), '--early-stop', '0.5']);
    expect(stdout).toContain('cancelled  slow\n');
  });

  it('extracts one of the choices', async () => {
    const { stdout } = await runCommand([...replayOf('I choose (b).'), '--choices', 'A, B', '--json']);
    expect(JSON.parse(stdout).answer).toBe('B');
  });

  it('names the simulated panel in one line on standard error', async () => {
    const { stdout, stderr } = await runCommand([
      'What is 6 * 7?',
      '--simulate',
      '1',
      '--seed',
      'x',
      '--json',
    ]);
    expect(stderr).toBe('Using 1 simulated model, which can only do arithmetic\n');
    expect(JSON.parse(stdout)).toMatchObject({
      metadata: { modelsUsed: ['cirrus-small'] },
      simulatedModels: ['cirrus-small'],
    });
  });

  it('prints help and version on standard output and exits with 0', async () => {
    const help = await runCommand(['predict', '--help']);
    expect(help.stdout).toContain('--hedge-delay-ms');
    expect(help.stdout).toContain('$ crucible-ensemble predict "What is 17 * 23?"');
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(await runCommand(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });
});

describe('without a prediction, crucible-ensemble', () => {
  it('exits with 1 and lists the outcome of each call', async () => {
    const { code, stdout, stderr } = await runCommand([
      ...replayOf('391', '389'),
      '-s',
      'unanimous',
      '--json',
    ]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      query: question,
      error: { name: 'NoConsensusError', message: expect.stringContaining('unanimous') },
      outcomes: [{ answer: '391' }, { answer: '389' }],
    });
    expect(stderr).toMatch(
      /^no prediction: unanimous found no winner among 2 answers\n {2}✓ a .* 391\n {2}✓ b .* 389\n/,
    );
  });

  it('names failures and abstentions with their reasons', async () => {
    const path = fileOf(
      jsonLines(recorded(question, 'no idea'), {
        question: 'another',
        responses: [{ model: 'b', text: '1' }],
      }),
    );
    const { code, stderr } = await runCommand([question, '--replay', path, '-n', 'numeric']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/○ a .* abstained: a number was not found\n/);
    expect(stderr).toMatch(/✗ b .* failed: the recording has no answer to this question: .*\n/);
  });
});

describe('a wrong command line', () => {
  const faultsOf = async (...argv: readonly string[]): Promise<string[]> => {
    const { code, stdout, stderr } = await runCommand(argv);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/\nSee crucible-ensemble predict --help\.\n$/);
    return stderr.trimEnd().split('\n').slice(0, -1);
  };

  it('exits with 2 and lists every problem at once', async () => {
    expect(
      await faultsOf(
        ...[
          'predict',
          'q',
          '--timeout-ms',
          'soon',
          '--strategi',
          'x',
          '--strategy',
          'best',
          '--min-responses',
          '0',
        ],
        ...['--early-stop', '2', '--replay', 'absent.jsonl', '--choices', 'A,a', '--simulate', '0'],
      ),
    ).toEqual([
      'crucible-ensemble: 9 problems',
      '- unknown option --strategi; did you mean --strategy?',
      '- --strategy must be one of majority, weighted, bestConfidence, unanimous, but got "best"; did you mean bestConfidence?',
      '- --timeout-ms must be a number of milliseconds above 0 up to 2147483647, or Infinity, but got "soon"',
      '- --min-responses must be an integer of at least 1, but got 0',
      `- --early-stop must be 'decided', or a share from 0 to 1, but got 2`,
      '- --simulate must be an integer from 1 to 100, but got 0',
      '- --simulate and --replay exclude each other; remove one',
      '- --replay: absent.jsonl: there is no such file',
      '- --choices: options must differ in more than case, but got "a" twice',
    ]);
  });

  it.each([
    [
      [],
      'the question is missing; put it in quotes, use - to read it from standard input, or --input <file> for many',
    ],
    [
      ['predict', ' '],
      'the question is missing; put it in quotes, use - to read it from standard input, or --input <file> for many',
    ],
    [['one', 'two'], 'expected one question, but got 2 arguments: put it in quotes'],
    [['q', '--frobnicate'], 'unknown option --frobnicate'],
    [['q', '--hedge-delay-ms', '5'], '--hedge-delay-ms needs --execution hedged'],
    [['q', '--with-latency'], '--with-latency needs --replay'],
    [['q', '--choices', 'A', '-n', 'json'], '--choices and --normalization exclude each other; remove one'],
    [['q', '--seed', '4'], '--seed needs --simulate'],
    [['q', '--seed'], '--seed needs a value'],
    [['-', '--simulate', '1'], 'the question on standard input is empty'],
  ])('%j: %s', async (argv, fault) => {
    expect(await faultsOf(...argv)).toEqual([`crucible-ensemble: ${fault}`]);
  });

  it('is refused if the panel cannot satisfy it', async () => {
    const [fault] = await faultsOf(...replayOf('391', '391'), '--min-responses', '3');
    expect(fault).toMatch(
      /^crucible-ensemble: --min-responses must be at most the calls of the panel, 2, but got 3/,
    );
  });

  it('is no misspelt command behind --', async () => {
    for (const question of ['run', '--help', 'modles', '-V']) {
      const { code, stdout, stderr } = await runCommand(['--simulate', '1', '--json', '--', question]);
      expect(stderr).not.toContain('there is no command');
      expect(code).toBe(0);
      expect(JSON.parse(stdout).query).toBe(question);
    }
  });

  it('is quoted without control codes', async () => {
    const [fault] = await faultsOf('q', '--\u001b[2J');
    expect(fault).toBe('crucible-ensemble: unknown option --\\x1b[2J');
  });
});

describe('interrupted, crucible-ensemble', () => {
  it('cancels the calls in flight and exits with 130', async () => {
    const interrupt = new AbortController();
    const { code, stdout, stderr } = await runCommand(slowReplay(), {
      isTTY: true,
      env: { NO_COLOR: '1' },
      signal: interrupt.signal,
      onWrite: (text) => {
        if (text.includes('✓')) interrupt.abort();
        return undefined;
      },
    });
    expect(code).toBe(130);
    expect(stderr).toMatch(/^cancelled\n {2}– slow .* cancelled\n {2}✓ quick .*\n$/);
    expect(screenOf(stdout).join('')).toBe('');
    expect(getEventListeners(interrupt.signal, 'abort')).toHaveLength(0);
  });

  it('stops reading a question from standard input', async () => {
    const interrupt = new AbortController();
    const input = new Readable({ read: () => interrupt.abort() });
    const { code, stderr } = await runCommand(['-', '--simulate', '1'], { input, signal: interrupt.signal });
    expect({ code, stderr }).toEqual({ code: 130, stderr: '' });
  });

  it('cancels the calls silently when the reader closes the output', async () => {
    const { code, stderr } = await runCommand(slowReplay(), {
      onWrite: () => Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }),
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('reports that the output cannot be written', async () => {
    const { code, stderr } = await runCommand([...replayOf('391'), '--json'], {
      onWrite: () => Object.assign(new Error('no space left'), { code: 'ENOSPC' }),
    });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'crucible-ensemble: the output cannot be written (ENOSPC)\n',
    });
  });
});

describe('a recording', () => {
  it('may be gzipped', async () => {
    const path = fileOf(gzipSync(jsonLines(recorded(question, '391'))), 'answers.jsonl.gz');
    const { stdout } = await runCommand([question, '--replay', path, '--json']);
    expect(JSON.parse(stdout).answer).toBe('391');
  });

  it('is refused with the number of the incomplete line', async () => {
    const path = fileOf(jsonLines(recorded(question, '391'), recorded('q', '1')).slice(0, -5));
    const { code, stderr } = await runCommand([question, '--replay', path]);
    expect(code).toBe(2);
    expect(stderr).toContain('answers.jsonl, line 2: invalid JSON; the last line is incomplete\n');
  });
});
