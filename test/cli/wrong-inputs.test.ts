import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describedFault } from '../../src/cli/cause-of.ts';
import { nodeFault } from '../../src/cli/node-fault.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { runCommand } from './run-command.ts';

// What a slip on the command line leads to: the message names the flag or the file, what was given, what is expected, and the
// likeliest fix.

const folder = (files: Readonly<Record<string, string>>): string => {
  const path = temporaryFolder();
  for (const [name, content] of Object.entries(files)) writeFileSync(join(path, name), content);
  return path;
};

const dataset = '{"id":"a","question":"What is 1 + 1?","expected":2}\n';
const simulated = '"models":[{"simulated":{"id":"a"}}]';

/** Files, arguments and the whole message. `@` stands for the folder of the files. */
type Row = readonly [argv: string, message: string | RegExp, files?: Readonly<Record<string, string>>];

const rows: readonly Row[] = [
  [
    'rnu @/e.json',
    'there is no command rnu; did you mean run? To ask it as a question, write crucible-ensemble predict "rnu"',
  ],
  [
    'modles',
    'there is no command modles; did you mean models? To ask it as a question, write crucible-ensemble predict "modles"',
  ],
  ['what? --simulate 3 --simulate=4', '--simulate is given more than once; give it once'],
  ['what? -s majority --strategy majority --simulate 1', '--strategy is given more than once; give it once'],
  [
    'what? -m gemini_flash -m openai_gpt4o',
    /--models is given more than once; give one list, separated by commas/,
  ],
  ['run @/e.json --sample 3 --sample 5', '--sample is given more than once; give it once'],
  [
    'what? -m openai/any --base-url http://127.0.0.1:9 --provider-option temperature=0 --provider-option temperature=1',
    /--provider-option temperature is given more than once; give it once/,
  ],
  [
    '--input @/q.csv --simulate 1',
    /q.csv, line 2: question must be .*; the rows have the fields nr, prompt, separated by ",": name the question "question", or set --question-field, probably to "prompt"/,
    { 'q.csv': 'nr,prompt\n1,What is 1 + 1?\n' },
  ],
  [
    '--input @/q.csv --simulate 1 --question-field prompt --file-field scn',
    /q.csv: no row has a file in the field "scn" of --file-field; the rows have the fields prompt, scan/,
    { 'q.csv': 'prompt,scan\nWhat is 1 + 1?,a.png\n' },
  ],
  [
    '--lines --question-field prompt --simulate 1',
    '--question-field needs --input with a file that has fields: .csv, .tsv, .jsonl or .json',
  ],
  [
    '--input @/q.txt --file-field scan --simulate 1',
    '--file-field needs --input with a file that has fields: .csv, .tsv, .jsonl or .json',
    { 'q.txt': 'What?' },
  ],
  ['what? --file @/no.png --simulate 1', /^--file \S+no.png: there is no such file$/],
  [
    'what? --file @/a.unknown --simulate 1',
    /^--file \S+a.unknown: neither the content nor the extension says the type of the file/,
    { 'a.unknown': 'x' },
  ],
  ['what? --simulat 3', 'unknown option --simulat; did you mean --simulate?'],
  ['what? --model gpt', 'unknown option --model; did you mean --models?'],
  ['what? --models gemini_flsh', 'there is no model "gemini_flsh"; did you mean "gemini_flash"?'],
  ['what? --models opnai/gpt-6-luna', 'there is no provider "opnai"; did you mean "openai"?'],
  ['what? --models gpt-6-luna', 'there is no model "gpt-6-luna"; did you mean "openai/gpt-6-luna"?'],
  ['what? --models openai/gpt-6-luna', 'there is no key for openai: set OPENAI_API_KEY'],
  ['what? --simulate three', '--simulate must be an integer from 1 to 100, but got "three"'],
  ['what? --simulate 3 --models ollama/a', '--simulate and --models exclude each other; remove one'],
  [
    'what? --simulate 3 -e cascde',
    '--execution must be one of parallel, sequential, hedged, cascade, but got "cascde"; did you mean cascade?',
  ],
  ['what? --simulate 3 --hedge-delay-ms 5', '--hedge-delay-ms needs --execution hedged'],
  [
    'what? --simulate 3 --timeout-ms 5s',
    /^--timeout-ms must be a number of milliseconds above 0 up to 2147483647, or Infinity, but got "5s"/,
  ],
  [
    'what? --simulate 3 --early-stop decide',
    /^--early-stop must be 'decided', or a share from 0 to 1, but got "decide"/,
  ],
  [
    'what? --simulate 3 --min-responses 4',
    '--min-responses must be at most the calls of the panel, 3, but got 4; lower it, or add models or "samples"',
  ],
  ['what? --base-url http://127.0.0.1:9', '--base-url needs --models'],
  [
    'what? --models a --base-url 127.0.0.1:9',
    /^--base-url must be an absolute URL with http: or https:, such as http:\/\/localhost:8000\/v1/,
  ],
  [
    'what? --models a --base-url http://127.0.0.1:9 --api-key-env NONE',
    '--api-key-env: the variable NONE is not set',
  ],
  [
    'what? --models ollama/a --provider-option temperature',
    '--provider-option must be key=value, such as temperature=0, but got "temperature"',
  ],
  [
    'what? --models ollama/a --provider-option temprature=0',
    'the model "ollama/a": settings: there is no option "temprature"; did you mean "temperature"?',
  ],
  [
    'what? --replay @/answrs.jsonl',
    /^--replay: .*\/answrs\.jsonl: there is no such file/,
    { 'answers.jsonl': '{}' },
  ],
  [
    '--input @/qestions.txt --simulate 1',
    /^.*\/qestions\.txt: there is no such file; did you mean .*\/questions\.txt\?$/,
    { 'questions.txt': 'a' },
  ],
  ['run', 'the experiment is missing; write crucible-ensemble run <experiment>'],
  ['run a b', 'expected one experiment, but got 2 arguments; put a name with spaces in quotes'],
  [
    'run @/e.json --concurency 3',
    'unknown option --concurency; did you mean --concurrency?',
    { 'e.json': '{}' },
  ],
  ['run @/e.json --journal', '--journal needs a value', { 'e.json': '{}' }],
  ['models --json=yes', '--json takes no value; remove "=" and the value'],
  ['models openai', 'models takes no argument, but got 1; remove it'],
  [
    'run @/experimnt.json',
    /experimnt\.json: there is no such file; did you mean .*\/experiment\.json\?$/,
    { 'experiment.json': '{}' },
  ],
  [
    'run @/e.json',
    /e\.json, line 3, column 1: invalid JSON: remove the comma before }$/,
    { 'e.json': '{\n  "dataset": "d.jsonl",\n}' },
  ],
  [
    'run @/e.json',
    /e\.json, line 2, column 3: invalid JSON: write names and texts in double quotes, and check the commas$/,
    { 'e.json': '{\n  dataset: "d.jsonl"\n}' },
  ],
  [
    'run @/e.json',
    /e\.json, line 3, column 3: invalid JSON: a comma is probably missing before this place$/,
    { 'e.json': '{\n  "dataset": "d.jsonl"\n  "models": []\n}' },
  ],
  ['run @/e.json', /e\.json: the file is empty$/, { 'e.json': '' }],
  [
    'run @/e.json',
    /e\.json: modles: there is no such field; did you mean "models"\?/,
    { 'e.json': `{"dataset":"d.jsonl",${simulated},"modles":[],"conditions":{"a":{}}}`, 'd.jsonl': dataset },
  ],
  [
    'run @/e.ts',
    /e\.ts: the module cannot be loaded: Error: Cannot find package 'crucible-ensembel' imported from .*; install it next to this file: npm install crucible-ensembel$/,
    { 'e.ts': "import 'crucible-ensembel';" },
  ],
  [
    'run @/e.ts',
    /e\.ts: its default export threw: TypeError: .* is not a function \(\/.*\/e\.ts:1:\d+\)$/,
    { 'e.ts': 'const a: any = 1; export default () => a();' },
  ],
  [
    'run @/e.jsonc',
    /^[^\n]*e\.jsonc: conditions\["x"\]\.models: "b" is not listed in "models"$/,
    {
      'e.jsonc': `{"dataset":"d.jsonl",${simulated},"conditions":{"x":{"models":["b"]}}}`,
      'd.jsonl': dataset,
    },
  ],
  [
    'run @/e.jsonc',
    /^[^\n]*e\.jsonc: condition "x": option "samples" must be an integer of at least 1, but got 0$/,
    {
      'e.jsonc': `{"dataset":"d.jsonl",${simulated},"conditions":{"x":{"samples":0}}}`,
      'd.jsonl': dataset,
    },
  ],
  ...['c.toml', 'p.txt', 'README'].map(
    (name): Row => [
      `run @/${name}`,
      new RegExp(
        `${name}: is not JSON; give a file with JSON, \\.json or \\.jsonc, or with YAML, \\.yaml or \\.yml, or a module, \\.ts or \\.js$`,
      ),
      { [name]: 'dataset: sums\n' },
    ],
  ),
  ['run @/e.json', /e\.json, line 1, column \d: invalid JSON: expected an object/, { 'e.json': 'sums' }],
  ['what? --replay @', /is a folder; give a file$/],
  [
    'run @/e.jsonc',
    /^[^\n]*e\.jsonc: scorer: within: a tolerance is missing: give "absolute", "relative" or both, [^\n]*$/,
    {
      'e.jsonc': `{"dataset":"d.jsonl",${simulated},"conditions":{"x":{}},"scorer":"within"}`,
      'd.jsonl': dataset,
    },
  ],
  [
    'init @',
    /experiment\.jsonc exists already; choose another folder: crucible-ensemble init <folder>$/,
    { 'experiment.jsonc': '' },
  ],
];

describe('a wrong command line', () => {
  it.each(rows.map((row) => ({ argv: row[0], row })))(
    '$argv',
    async ({ row: [argv, message, files = {}] }) => {
      const path = folder(files);
      const { code, stdout, stderr } = await runCommand(
        argv.split(' ').map((word) => word.replace('@', path)),
      );
      const command = /^(?:init|run|rescore|report|tune|models)\b/.exec(argv)?.[0] ?? 'predict';
      expect(stderr).toContain(`See crucible-ensemble ${command} --help.`);
      const said = stderr
        .replace(/^crucible-ensemble: /, '')
        .replace(/\n+See crucible-ensemble \w+ --help\.\n$/, '')
        .trimEnd();
      if (typeof message === 'string') expect(said).toBe(message);
      else expect(said).toMatch(message);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    },
  );
});

describe('an example experiment', () => {
  it.each([
    ['JSON', 'experiment.jsonc', []],
    ['YAML', 'experiment.yaml', ['--yaml']],
  ])('is written once as %s, and runs as it is', async (_, name, flags) => {
    const path = join(temporaryFolder(), 'mine');
    const { code, stdout } = await runCommand(['init', path, ...flags]);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: `wrote ${path}/questions.jsonl\nwrote ${path}/${name}\nRun it: crucible-ensemble run ${path}/${name}\n`,
    });
    const run = await runCommand(['run', join(path, name), '--json']);
    expect(run.code).toBe(0);
    expect(JSON.parse(run.stdout)).toMatchObject({
      conditions: [{ condition: 'vote' }, { condition: 'large' }, { condition: 'until two agree' }],
      simulatedModels: ['small', 'medium', 'large'],
    });
    const tuned = await runCommand(['tune', join(path, name), '--min-accuracy', '0.85']);
    expect(tuned).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('comparing panels on 24 questions'),
    });
    mkdirSync(join(path, 'other'));
    expect((await runCommand(['init', path, ...flags])).code).toBe(2);
    expect((await runCommand(['init', join(path, 'other'), ...flags])).code).toBe(0);
  });
});

describe('the dataset of the example', () => {
  it('has right answers, and no question twice', async () => {
    const path = temporaryFolder();
    await runCommand(['init', path]);
    const rows = readFileSync(join(path, 'questions.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const operations: Readonly<Record<string, (a: number, b: number) => number>> = {
      '+': (a, b) => a + b,
      '-': (a, b) => a - b,
      '*': (a, b) => a * b,
      '/': (a, b) => a / b,
      '^': (a, b) => a ** b,
    };
    for (const { question, expected } of rows) {
      const [, a, operation = '', b] = /^What is (\d+) (\S) (\d+)\?$/.exec(question) ?? [];
      expect(operations[operation]?.(Number(a), Number(b)), question).toBe(expected);
    }
    expect(new Set(rows.map(({ question }) => question)).size).toBe(rows.length);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
    expect(rows.length).toBeGreaterThanOrEqual(20);
  });
});

describe('an old version of Node', () => {
  it.each(['12.22.12', '18.0.0', '20.20.2', '22.18.9'])(
    '%s is named, with the one that is needed',
    (node) => {
      expect(nodeFault({ node })).toBe(
        `crucible-ensemble: Node 22.19 or later is needed, but this is Node ${node}: install a newer one from https://nodejs.org`,
      );
    },
  );

  it.each([
    { node: '22.19.0' },
    { node: '24.0.0' },
    { node: '20.0.0', bun: '1.3.0' },
    { node: '20.0.0', deno: '2.5.0' },
  ])('is not %j', (versions) => {
    expect(nodeFault(versions)).toBeUndefined();
  });
});

describe('an error of the user', () => {
  it('is shown with its message and its place, without keys', async () => {
    const index = JSON.stringify(new URL('../../src/index.ts', import.meta.url).href);
    const path = folder({
      'd.jsonl': dataset,
      'e.ts': `import { defineModel } from ${index};
        export default {
          dataset: 'd.jsonl',
          conditions: { a: { models: [defineModel('a', () => '2')] } },
          scorer: () => { throw new TypeError('sk-abcdefghijklmnopqrstuvwxyz123456 is no ruler'); },
        };`,
    });
    const { code, stderr } = await runCommand(['run', join(path, 'e.ts')]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Cause: TypeError: .* is no ruler \(\/.*\/e\.ts:\d+:\d+\)$/m);
    expect(stderr).not.toContain('sk-abc');
  });

  // As Node prints it; the loader of these tests has its own.
  it('has the place of its syntax', () => {
    const error = new SyntaxError('Unexpected token');
    error.stack = `/a/e.ts:2\nconst a = 1;\nexport default {{;\n                ^\n\nSyntaxError: Unexpected token\n    at node:internal:72:36`;
    expect(describedFault(error)).toBe('SyntaxError: Unexpected token (/a/e.ts:2:17)');
    error.stack = 'SyntaxError: Unexpected token\n    at compile (node:internal/modules/esm/utils:319:16)';
    expect(describedFault(error)).toBe('SyntaxError: Unexpected token');
  });
});
