import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Spec } from '../../src/options.ts';

/** What a page says of the default of an option, and what the code does. */
interface Row {
  readonly owner: string;
  readonly option: string;
  readonly text: string;
}

const root = fileURLToPath(new URL('../..', import.meta.url));

const cellsOf = (line: string): string[] =>
  line
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim());

/** The rows of all tables of a page whose first column names options, and that have a column "default". */
const rowsOf = (page: string, owner: string): Row[] => {
  const lines = readFileSync(`${root}/${page}`, 'utf8').split('\n');
  return lines.flatMap((line, start) => {
    const heads = line.startsWith('| option') ? cellsOf(line) : [];
    const place = heads.indexOf('default');
    if (place < 0) return [];
    const end = lines.findIndex((later, index) => index > start && !later.startsWith('|'));
    const ofTable = /^option of `(\w+)`/.exec(heads[0] ?? '')?.[1] ?? owner;
    return lines.slice(start + 2, end).flatMap((row) => {
      const cells = cellsOf(row);
      const [, option, other] = /^`(\w+)`(?: of `(\w+)`)?(?!, `)/.exec(cells[0] ?? '') ?? [];
      return option === undefined ? [] : [{ owner: other ?? ofTable, option, text: cells[place] ?? '' }];
    });
  });
};

/** The value that a cell begins with; `undefined` if it begins with words. */
const literalIn = (text: string): unknown => {
  const plain = text.replaceAll('`', '');
  const number = /^(\d[\d,]*(?:\.\d+)?)( MiB)?(?![\w.])/.exec(plain);
  if (number !== null)
    return Number(number[1]?.replaceAll(',', '')) * (number[2] === undefined ? 1 : 2 ** 20);
  const [word = ''] = /^\w+/.exec(plain) ?? [];
  if (word === 'Infinity') return Number.POSITIVE_INFINITY;
  if (word === 'true' || word === 'false') return word === 'true';
  return /^`?'([^']*)'/.exec(text)?.[1] ?? /^`(\w+)`/.exec(text)?.[1];
};

/** A default as the command line prints it, in the form of the other pages: a word is the name of a value. */
const ofCommandLine = (text: string): string =>
  text
    .replace(/^from the experiment file, or /, '')
    .replace(/^([a-zA-Z]+)(?=;|$)/, (word) => (OFF.test(word) || word === 'all' ? word : `\`${word}\``));

/** The rows of the tables of flags and of fields, a row for each flag and command. */
const flagRows = (page: string): Row[] => {
  const lines = page.split('\n');
  return lines.flatMap((line, start) => {
    const heads = /^\| (?:option|field of the file) /.test(line) ? cellsOf(line) : [];
    const place = heads.indexOf('default');
    if (place < 0) return [];
    const owners = [...(heads[0] ?? '').matchAll(/`(\w+)`/g)].map(([, name = '']) => name);
    const end = lines.findIndex((later, index) => index > start && !later.startsWith('|'));
    return lines.slice(start + 2, end).flatMap((row) => {
      const cells = cellsOf(row);
      const names = [...(cells[0] ?? '').matchAll(/`(?:-\w, )?-*([\w-]+)[^`]*`/g)].map(([, name = '']) =>
        camel(name),
      );
      const texts = (cells[place] ?? '').split(' · ');
      const ofRow = /^`run` only/.test(cells[1] ?? '') ? ['run'] : owners;
      return names.flatMap((option, index) =>
        (ofRow.length > 0 ? ofRow : [heads[0] === 'option' ? 'predict' : 'file']).map((owner) => ({
          owner,
          option,
          text: ofCommandLine(
            (texts.length === names.length ? texts[index] : index === 0 ? texts[0] : '') ?? '',
          ),
        })),
      );
    });
  });
};

const camel = (flag: string): string => flag.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

/** Words for an option that does nothing unless it is given. */
const OFF = /^(?:none|no |off|unlimited|not sent|required|–)/;

const isPrimitive = (value: unknown): boolean => ['number', 'string', 'boolean'].includes(typeof value);

const defaultOf = (spec: Spec): unknown => (Array.isArray(spec) ? spec[1] : undefined);

/** Says how a row differs from the default in the code; `undefined` if it is right. */
const differenceOf = ({ option, text }: Row, spec: Spec): string | undefined => {
  const inCode = defaultOf(spec);
  const inText = literalIn(text);
  const isRight = OFF.test(text)
    ? !isPrimitive(inCode) || inCode === Number.POSITIVE_INFINITY || inCode === false
    : inText === undefined
      ? !isPrimitive(inCode) || text.includes(`'${String(inCode)}'`)
      : Object.is(inCode, inText) || (typeof inCode === 'function' && inText === inCode.name);
  return isRight ? undefined : `${option}: the page says "${text}", the code ${String(inCode)}`;
};

/** The functions of the library, as loaded anew with a recorder. */
// biome-ignore lint/suspicious/noExplicitAny: each is called with options of its own
type Library = Readonly<Record<string, (...parts: readonly any[]) => any>>;

/** Each page with the function whose options it lists, and a call by which that function checks them. */
const pages: readonly (readonly [page: string, owner: string, call: (library: Library) => unknown])[] = [
  ['docs/datasets.md', 'readDataset', ({ readDataset }) => readDataset?.('questions.jsonl')],
  ['docs/executions/cascade.md', 'cascade', ({ cascade }) => cascade?.()],
  ['docs/executions/hedged.md', 'hedged', ({ hedged }) => hedged?.()],
  ['docs/executions/sequential.md', 'sequential', ({ sequential }) => sequential?.()],
  [
    'docs/experiments.md',
    'runExperiment',
    ({ runExperiment, simulated }) =>
      runExperiment?.({ dataset: [], conditions: { a: { models: [simulated?.({ id: 'a' })] } } }),
  ],
  ['docs/fine-tuning.md', 'exportFineTuning', ({ exportFineTuning }) => exportFineTuning?.([], '', {})],
  ['docs/journal.md', 'openJournal', ({ openJournal }) => openJournal?.('')],
  ['docs/models.md', 'simulated', ({ simulated }) => simulated?.({ id: 'a' })],
  ['docs/normalizers/text.md', 'text', ({ text }) => text?.()],
  [
    'docs/operators.md',
    'ask',
    ({ ask, defineModel }) =>
      ask?.(
        defineModel?.('a', () => '4'),
        '?',
      ),
  ],
  [
    'docs/policies/budget.md',
    'budget',
    ({ budget }) =>
      budget?.({ perPredictionUsd: 1, pricing: { priceOf: () => undefined, countTokens: () => 1 } }),
  ],
  ['docs/policies/budget.md', 'spendingCap', ({ spendingCap }) => spendingCap?.({ maxUsd: 1 })],
  ['docs/policies/cache.md', 'cache', ({ cache }) => cache?.()],
  ['docs/policies/circuit-breaker.md', 'circuitBreaker', ({ circuitBreaker }) => circuitBreaker?.()],
  ['docs/policies/concurrency.md', 'concurrency', ({ concurrency }) => concurrency?.({ maxConcurrent: 1 })],
  ['docs/policies/rate-limit.md', 'rateLimit', ({ rateLimit }) => rateLimit?.()],
  ['docs/policies/retry.md', 'retry', ({ retry }) => retry?.()],
  ['docs/policies/retry.md', 'retryBudget', ({ retryBudget }) => retryBudget?.()],
  ['docs/policies/timeout.md', 'timeout', ({ timeout }) => timeout?.(1)],
  ['docs/providers/anthropic.md', 'anthropic', ({ anthropic }) => anthropic?.('m', { apiKey: 'k' })],
  ['docs/providers/gemini.md', 'gemini', ({ gemini }) => gemini?.('m', { apiKey: 'k' })],
  ['docs/providers/google-genai.md', 'googleGenAI', ({ googleGenAI }) => googleGenAI?.('m', { apiKey: 'k' })],
  ['docs/pricing.md', 'genaiPrices', ({ genaiPrices }) => genaiPrices?.()],
  ['docs/providers/openai.md', 'openai', ({ openai }) => openai?.('m', { apiKey: 'k' })],
  [
    'docs/providers/openai-compatible.md',
    'openaiCompatible',
    ({ openaiCompatible }) => openaiCompatible?.('m', { baseURL: 'http://localhost/v1' }),
  ],
  ['docs/statistics.md', 'scorecard', ({ scorecardFold }) => scorecardFold?.()],
  ['docs/tuning.md', 'tune', ({ tune }) => tune?.({})],
  [
    'docs/voting/deciders.md',
    'judge',
    ({ judge, defineModel }) => judge?.({ model: defineModel?.('a', () => '4') }),
  ],
  [
    'docs/voting/deciders.md',
    'fuse',
    ({ fuse, defineModel }) => fuse?.({ model: defineModel?.('a', () => '4') }),
  ],
  ['docs/voting/log-odds.md', 'logOdds', ({ logOdds }) => logOdds?.({ accuracies: { a: 0.9 } })],
  ['docs/voting/unanimous.md', 'unanimous', ({ unanimous }) => unanimous?.()],
];

/** Lets a function check its options. What else it lacks does not matter here. */
const check = (library: Library, call: (library: Library) => unknown): void => {
  try {
    Promise.resolve(call(library)).catch(() => undefined);
  } catch {
    // Its specifications were recorded before.
  }
};

/** The pages that list options of an ensemble, whose specifications are a table of their own. */
const ofEnsembles = [
  ...['docs/options.md', 'docs/executions/parallel.md', 'docs/executions/cascade.md'],
  ...['docs/executions/hedged.md', 'docs/executions/sequential.md', 'docs/policies/timeout.md'],
];

/** Options whose default depends on the arguments of the call, and the one that `ask` has in common with ensembles. */
const isMade = ({ owner, option, text }: Row): boolean =>
  option === 'apiKey' ||
  ((owner === 'ask' || owner === 'scorecard') && option === 'normalization') ||
  (option === 'id' && text.includes("model's name"));

/** The execution that a page is about. */
const executionOn = (page: string): string => /executions\/(\w+)/.exec(page)?.[1] ?? 'parallel';

describe('the defaults in the tables of the documentation', () => {
  const recorded = new Map<string, Readonly<Record<string, Spec>>>();
  let library: Library = {};
  let ensembleSpecs: Readonly<Record<string, Spec>> = {};

  beforeAll(async () => {
    vi.resetModules();
    vi.doMock('../../src/options.ts', async (original) => {
      const options = await original<typeof import('../../src/options.ts')>();
      return {
        ...options,
        checked: (owner: string, given: object, specs: Readonly<Record<string, Spec>>, faults: string[]) => {
          recorded.set(owner, { ...recorded.get(owner), ...specs });
          return options.checked(owner, given, specs as never, faults);
        },
      };
    });
    library = {
      ...(await import('../../src/index.ts')),
      ...(await import('../../src/operators/operators.ts')),
      ...(await import('../../src/policies/policies.ts')),
      ...(await import('../../src/providers/anthropic.ts')),
      ...(await import('../../src/providers/openai.ts')),
      ...(await import('../../src/providers/openai-compatible.ts')),
      ...(await import('../../src/providers/gemini.ts')),
      ...(await import('../../src/providers/google-genai.ts')),
      ...(await import('../../src/auto/auto.ts')),
      ...(await import('../../src/catalog/genai-prices.ts')),
      ...(await import('../../src/experiment/experiment.ts')),
      ...(await import('../../src/deciders/deciders.ts')),
      ...(await import('../../src/node/node.ts')),
    } as unknown as Library;
    ({ ensembleSpecs } = await import('../../src/engine/option-checks.ts'));
  });
  afterAll(() => {
    vi.doUnmock('../../src/options.ts');
    vi.resetModules();
  });

  const differences = (rows: readonly Row[], specs: Readonly<Record<string, Spec>>): readonly string[] =>
    rows.flatMap((row) => {
      const spec = specs[row.option];
      return spec === undefined || isMade(row) ? [] : (differenceOf(row, spec) ?? []);
    });
  const unlisted = (rows: readonly Row[], specs: Readonly<Record<string, Spec>>): readonly string[] =>
    Object.keys(specs).filter(
      (name) => isPrimitive(defaultOf(specs[name] as Spec)) && !rows.some(({ option }) => option === name),
    );

  it.each(pages)('are those of the code: %s, %s', (page, owner, call) => {
    check(library, call);
    const specs = recorded.get(owner) ?? {};
    const rows = rowsOf(page, owner).filter((row) => row.owner === owner);
    expect(rows).not.toStrictEqual([]);
    expect(Object.keys(specs)).not.toStrictEqual([]);
    expect(differences(rows, specs)).toStrictEqual([]);
    expect(unlisted(rows, specs)).toStrictEqual([]);
  });

  /** The specifications of an ensemble, and the defaults that follow from what it does. */
  const specsOf = async (execution: string): Promise<Readonly<Record<string, Spec>>> => {
    const texts = ['PARIS', ' Paris. '];
    const models = texts.map((text, index) => library.defineModel?.(`m${index}`, () => text));
    const prediction = await library.createEnsemble?.({ models }).predict('?');
    const { answer, metadata } = prediction;
    const anything = (): undefined => undefined;
    return {
      ...ensembleSpecs,
      strategy: [anything, execution === 'cascade' ? 'bestConfidence' : metadata.strategy],
      execution: [anything, metadata.execution],
      normalization: [anything, answer === 'paris' && metadata.consensus === 1 ? 'lowercaseTrim' : 'another'],
      earlyStop: [anything, metadata.successes === texts.length ? false : 'another'],
      minResponses: [anything, library[execution]?.().minResponses?.(2)],
    };
  };

  it.each(ofEnsembles)('are those of createEnsemble: %s', async (page) => {
    const specs = await specsOf(executionOn(page));
    const rows = rowsOf(page, 'createEnsemble').filter(({ owner }) => owner === 'createEnsemble');
    const known = rows.filter(
      ({ option, text }) => specs[option] !== undefined && !/^(?:required|that of)/.test(text),
    );
    expect(known).not.toStrictEqual([]);
    expect(differences(known, specs)).toStrictEqual([]);
    if (page === 'docs/options.md') expect(unlisted(rows, ensembleSpecs)).toStrictEqual([]);
  });

  it('are those of createAutoEnsemble: the panel', async () => {
    const { defaultPanel } = await import('../../src/auto/create-auto-ensemble.ts');
    const [row] = rowsOf('docs/auto.md', 'createAutoEnsemble').filter(({ option }) => option === 'models');
    expect(row?.text).toBe(`\`[${defaultPanel.map((name) => `'${name}'`).join(', ')}]\``);
  });

  /** The specification of each flag and field of the command line whose default is a value. */
  const commandLineSpecs = async (): Promise<Readonly<Record<string, Readonly<Record<string, Spec>>>>> => {
    for (const [, owner, call] of pages) if (!recorded.has(owner)) check(library, call);
    const { YES_BELOW_USD } = await import('../../src/cli/confirm-cost.ts');
    const { QUESTIONS_AT_A_TIME } = await import('../../src/cli/predict-many.ts');
    const ofRun = recorded.get('runExperiment') ?? {};
    const anything = (): undefined => undefined;
    const predict = {
      ...(await specsOf('parallel')),
      ...recorded.get('sequential'),
      ...recorded.get('hedged'),
      ...recorded.get('cascade'),
      questionField: recorded.get('readDataset')?.questionField ?? [anything, undefined],
      seed: recorded.get('simulated')?.seed ?? [anything, undefined],
      concurrency: [anything, QUESTIONS_AT_A_TIME],
      // It follows from the execution, and an ensemble has none.
      minResponses: anything,
    } satisfies Record<string, Spec>;
    const run = { ...ofRun, yesBelow: [anything, YES_BELOW_USD] as const };
    return { predict, run, rescore: ofRun, report: ofRun, file: ofRun };
  };

  it('are those of the command line: docs/cli.md and the help of each flag', async () => {
    const specs = await commandLineSpecs();
    const { commands } = await import('../../src/cli/commands.ts');
    const documented = flagRows(readFileSync(`${root}/docs/cli.md`, 'utf8'));
    const ofHelp = Object.entries(commands).flatMap(([owner, { flags }]) =>
      Object.entries(flags).flatMap(([option, { description }]) => {
        const [, text] = /\(default: (.*)\)$/.exec(description) ?? [];
        return text === undefined ? [] : [{ owner, option, text: ofCommandLine(text) }];
      }),
    );
    for (const rows of [documented, ofHelp]) {
      const valued = rows.filter(({ text }) => literalIn(text) !== undefined && !OFF.test(text));
      expect(valued.length).toBeGreaterThan(5);
      const differing = valued.flatMap(
        (row) => differenceOf(row, specs[row.owner]?.[row.option] ?? (() => undefined)) ?? [],
      );
      expect(differing).toStrictEqual([]);
    }
    // A flag has the same default in both, and its value in one is not left out of the other.
    const literals = (rows: readonly Row[]) =>
      rows
        .filter(({ owner, text }) => owner !== 'file' && literalIn(text) !== undefined && !OFF.test(text))
        .map(({ owner, option, text }) => `${owner} ${option} ${String(literalIn(text))}`)
        .sort();
    expect(literals(documented)).toStrictEqual(literals(ofHelp));
  });

  it('are compared: another default in the code is a difference', () => {
    for (const row of rowsOf('docs/options.md', 'createEnsemble')) {
      const spec = ensembleSpecs[row.option];
      if (spec === undefined || !isPrimitive(defaultOf(spec))) continue;
      const other = [() => undefined, row.text === '' ? 1 : 12_345] as const;
      expect(differenceOf(row, other)).toContain(row.option);
    }
  });
});
