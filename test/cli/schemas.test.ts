import { readFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { Validator } from '@cfworker/json-schema';
import { describe, expect, it } from 'vitest';
import {
  ensembleSchema,
  experimentSchema,
  functionOptions,
  lastStepOptions,
  schemaFiles,
  serverSchema,
} from '../../scripts/json-schemas.ts';
import { factories } from '../../src/cli/ensemble-file/factories.ts';
import { lastSteps } from '../../src/cli/ensemble-file/last-steps.ts';
import { ensembleFields } from '../../src/cli/ensemble-file/load-ensemble.ts';
import { experimentFields } from '../../src/cli/experiment-file/load-experiment.ts';
import { createOutput } from '../../src/cli/output.ts';
import { planPrediction } from '../../src/cli/plan-prediction.ts';
import { serverFields } from '../../src/cli/server-file/load-server.ts';
import { ensembleSpecs } from '../../src/engine/option-checks.ts';
import { ConfigError } from '../../src/index.ts';
import {
  budget,
  cache,
  circuitBreaker,
  concurrency,
  rateLimit,
  retry,
  spendingCap,
} from '../../src/policies/policies.ts';
import { beside, experimentOf } from './experiment-file.ts';
import { fileOf } from './recording.ts';
import { runCommand } from './run-command.ts';

type Json = Readonly<Record<string, never>>;

const propertiesOf = (schema: object | undefined): string[] =>
  Object.keys((schema as { properties?: object } | undefined)?.properties ?? {});

/** The options that a function says it has, without those that JSON cannot say. */
const optionsOf = (make: unknown, unsayable: readonly string[] = []): string[] => {
  try {
    (make as (options: object) => unknown)({ zzqq: 1 });
  } catch (error) {
    const [, names = ''] = /the options are (.*)$/m.exec(String((error as Error).message)) ?? [];
    return names
      .split(', ')
      .filter((name) => name !== '' && !unsayable.includes(name))
      .sort();
  }
  return [];
};

describe('the JSON Schemas of the package', () => {
  it.each(Object.entries(schemaFiles))(
    'are those of the code: %s (else: npm run schemas)',
    (name, content) => {
      const written = readFileSync(new URL(`../../schema/${name}`, import.meta.url), 'utf8');
      expect(JSON.parse(written)).toEqual(JSON.parse(content));
    },
  );

  it('accept the example of a server, and refuse what its loader refuses', () => {
    const example = JSON.parse(
      readFileSync(new URL('../../examples/server/ensembles.json', import.meta.url), 'utf8'),
    );
    const accepts = (value: unknown): boolean => new Validator(serverSchema, '2020-12').validate(value).valid;
    expect(accepts(example)).toBe(true);
    for (const fault of [
      { ensembles: {} },
      { keys: [{ name: 'ann' }] },
      { keys: [{ name: 'ann', keyEnv: 'A', key: 'sk-1' }] },
      { port: -1 },
      { metrics: 'all' },
      { traces: 'all' },
      { choices: 'panel' },
      { concurrency: 0 },
      { ensembels: {} },
    ])
      expect(accepts({ ...example, ...fault })).toBe(false);
  });

  it('have the fields of the files', () => {
    expect(propertiesOf(ensembleSchema).sort()).toEqual(ensembleFields.toSorted());
    expect(propertiesOf(experimentSchema).sort()).toEqual(experimentFields.toSorted());
    expect(propertiesOf(serverSchema).sort()).toEqual(serverFields.toSorted());
  });

  it('have the functions that a file can name, with their options', () => {
    const unsayable: Record<string, string[]> = { hedged: ['to'], toolCalls: ['orText'] };
    for (const [option, makers] of Object.entries(factories)) {
      expect(Object.keys(functionOptions[option] ?? {}).sort()).toEqual(Object.keys(makers).sort());
      for (const [name, make] of Object.entries(makers)) {
        const schema = functionOptions[option]?.[name];
        expect([name, propertiesOf(schema).sort()]).toEqual([name, optionsOf(make, unsayable[name])]);
      }
    }
  });

  it('have the groupings and deciders that a file can name, with their options', () => {
    const known = new Set(Object.keys(ensembleSpecs));
    for (const [option, makers] of Object.entries(lastSteps)) {
      expect(known).toContain(option);
      expect(Object.keys(lastStepOptions[option] ?? {}).sort()).toEqual(Object.keys(makers).sort());
      for (const [name, make] of Object.entries(makers)) {
        const schema = lastStepOptions[option]?.[name];
        expect([name, propertiesOf(schema).sort()]).toEqual([name, optionsOf(make)]);
      }
    }
  });

  it('have the policies with their options', () => {
    const { properties } = ensembleSchema as { properties: Record<string, { anyOf?: object[] }> };
    const policies: readonly (readonly [string, unknown, readonly string[]])[] = [
      ['retry', retry, ['shouldHandle', 'budget', 'random']],
      ['circuitBreaker', circuitBreaker, ['shouldHandle', 'onStateChange']],
      ['concurrency', concurrency, []],
      ['rateLimit', rateLimit, ['countTokens']],
      ['cache', cache, ['store', 'onMiss', 'onStoreError']],
    ];
    for (const [name, make, unsayable] of policies) {
      const schema = properties[name]?.anyOf?.at(-1);
      expect([name, propertiesOf(schema).sort()]).toEqual([name, optionsOf(make, unsayable)]);
    }
    const capped = [...optionsOf(budget, ['caps', 'pricing']), ...optionsOf(spendingCap)].sort();
    expect(propertiesOf(properties.budget).sort()).toEqual(capped);
  });
});

const models = [{ simulated: { id: 'a', accuracy: 1 } }, { simulated: { id: 'b', accuracy: 1 } }];
const price = { inputPerMillionUsd: 1, outputPerMillionUsd: 2 };

/** Objects that describe ensembles, and objects that do not. */
const samples: readonly object[] = [
  {},
  { name: 'mine', system: 'Be brief.', telemetryMetadata: { a: 1 }, acceptUnfinished: true },
  { name: '' },
  ...[
    'byContent',
    'byTolerance',
    'byMeaning',
    { byContent: {} },
    { byContent: { threshold: 1 } },
    { byTolerance: 0.5 },
    { byTolerance: -1 },
    'bySimilarity',
    { bySimilarity: { threshold: 0.9 } },
    { bySimilarity: { threshold: 2 } },
    { byEquivalence: { judge: { simulated: { id: 'j', accuracy: 1 } }, maxPairs: 10 } },
    { byEquivalence: {} },
    { byEquivalence: { judge: 7 } },
    { byContent: {}, bySimilarity: {} },
    7,
  ].map((grouping) => ({ grouping })),
  ...[
    'judge',
    'council',
    'debate',
    { judge: { model: { simulated: { id: 'j', accuracy: 1 } }, unless: 'never' } },
    { judge: { model: { simulated: { id: 'j', accuracy: 1 } }, unless: { consensus: 0.8 } } },
    { judge: { model: { simulated: { id: 'j', accuracy: 1 } }, unless: 'always' } },
    { judge: { model: { simulated: { id: 'j', accuracy: 1 } }, pick: 'worst' } },
    { judge: { rubric: 'short' } },
    { judge: { model: 7 } },
    { fuse: { model: { simulated: { id: 'j', accuracy: 1 } }, seed: 'a' } },
    { fuse: { modle: { simulated: { id: 'j', accuracy: 1 } } } },
    {
      council: {
        rankers: [{ simulated: { id: 'j', accuracy: 1 } }, { simulated: { id: 'k', accuracy: 1 } }],
      },
    },
    { debate: { rounds: 2 } },
    { debate: { rounds: 0 } },
    { jury: {} },
    'jury',
    { jury: { members: [{ simulated: { id: 'j', accuracy: 1 } }] } },
    ...[
      'pairwise',
      { from: 1, to: 5 },
      { from: 1, to: 5, by: 'trimmedMean', trim: 0.1, within: 1 },
      { from: 1 },
      { from: 1, to: 5, step: 1 },
      { labels: ['bad', 'good'] },
      { labels: ['good'] },
      'numbers',
    ].map((scale) => ({ jury: { members: [{ simulated: { id: 'j', accuracy: 1 } }], scale } })),
    { jury: { members: [{ simulated: { id: 'j', accuracy: 1 } }], review: { spread: 0.5 } } },
    { jury: { members: [{ simulated: { id: 'j', accuracy: 1 } }], review: { spread: 2 } } },
    'majority',
  ].map((decide) => ({ decide })),
  { system: 7 },
  { acceptUnfinished: 'yes' },
  { telemetryMetadata: 1 },
  ...['timeoutMs', 'deadlineMs'].flatMap((option) =>
    [1, 0.5, 0, -1, 'soon', 3e9].map((value) => ({ [option]: value })),
  ),
  ...['minResponses', 'samples'].flatMap((option) =>
    [1, 2, 0, 1.5, '1'].map((value) => ({ [option]: value })),
  ),
  ...['parallel', 'sequential', 'hedged', 'cascade', 'hedge', 7].map((execution) => ({ execution })),
  ...[{ sequential: {} }, { sequential: { minConsensus: 2 } }, { sequential: { share: 0.5 } }].map(
    (execution) => ({ execution }),
  ),
  ...[
    { hedged: { hedgeDelayMs: 5 } },
    { hedged: { hedgeDelayMs: -5 } },
    { hedged: { delay: { percentile: 90 } } },
  ].map((execution) => ({ execution })),
  ...[
    { hedged: { on: 'firstToken' } },
    { hedged: { on: 'first' } },
    { parallel: {} },
    { parallel: { a: 1 } },
  ].map((execution) => ({ execution })),
  ...[{ cascade: { confidenceThreshold: 0.9, minResponses: 1 } }, { cascade: { minResponses: 0 } }].map(
    (execution) => ({ execution }),
  ),
  ...['majority', 'weighted', 'bestConfidence', 'unanimous', 'most'].map((strategy) => ({ strategy })),
  ...[
    { weighted: { weights: { a: 2 } } },
    { weighted: { weights: { a: -2 } } },
    { unanimous: { of: 'votes' } },
    { unanimous: { of: 'all' } },
  ].map((strategy) => ({ strategy })),
  ...[
    { confidenceWeighted: { temperature: 2 } },
    { confidenceWeighted: { temperature: 0 } },
    { logOdds: {} },
  ].map((strategy) => ({ strategy })),
  ...[
    'fieldwise',
    { fieldwise: {} },
    { fieldwise: { total: 'median', tags: 'union', unit: 'byContent', note: 'mean' } },
    { fieldwise: { total: { byTolerance: 0.01 }, tags: { setVote: { min: 1 } } } },
    { fieldwise: { total: { byEquivalence: { judge: 'a' } } } },
    { fieldwise: { tags: { setVote: { min: 0 } } } },
    { fieldwise: { items: { rowwise: { key: 'sku', fields: { price: 'median' } } } } },
    { fieldwise: { items: { rowwise: {} } } },
    { rowwise: { key: ['sku', 'size'], min: 0.5 } },
    { rowwise: { key: 'sku', fields: { price: 'mean' } } },
    { logOdds: { accuracies: { a: 0.7, b: 0.7 }, choices: 4 } },
    { logOdds: { accuracies: { a: 0.7, b: 0.7 }, choices: 1 } },
  ].map((strategy) => ({ strategy })),
  ...[
    'numeric',
    'json',
    'boolean',
    'lowercaseTrim',
    'number',
    { choice: ['A', 'B'] },
    { choice: [] },
    { choice: 'A' },
  ].map((normalization) => ({ normalization })),
  ...[{ text: {} }, { text: { case: 'keep' } }, { text: { case: 'up' } }, { numeric: {} }].map(
    (normalization) => ({ normalization }),
  ),
  ...[
    'decided',
    0.5,
    0,
    1,
    1.5,
    false,
    true,
    { adaptive: { threshold: 0.9 } },
    { adaptive: { threshold: 2 } },
  ].map((earlyStop) => ({ earlyStop })),
  ...[{ confident: 0.9 }, { confident: {} }, { consensus: 0.5 }, { consensus: 5 }].map((earlyStop) => ({
    earlyStop,
  })),
  ...[true, false, { maxAttempts: 2 }, { maxAttempts: 0 }, { attempts: 2 }, 3].map((retry) => ({ retry })),
  ...[true, { failureRatio: 0.5, minimumCalls: 2, breakMs: 10 }, { failureRatio: 5 }].map(
    (circuitBreaker) => ({ circuitBreaker }),
  ),
  ...[1, 0, true, { maxConcurrent: 2 }, {}].map((concurrency) => ({ concurrency })),
  ...[60, true, 0, { requestsPerMinute: 60 }, { perMinute: 60 }].map((rateLimit) => ({ rateLimit })),
  ...[true, { ttlMs: 1000 }, { ttlMs: 0 }, { keepUnusable: true }, { keepUnusable: 1 }, 1000].map(
    (cache) => ({ cache }),
  ),
  ...[
    { maxUsd: 1, maxOutputTokens: 10 },
    { maxUsd: 0, maxOutputTokens: 10 },
    { maxUsd: 1, maxOutputTokens: 10, onUnknownPrice: 'ask' },
    1,
  ].map((budget) => ({ budget })),
  { pricing: {} },
  { colour: 'red' },
  { models: [] },
  { models: 'a' },
  { models: [7] },
  { models: [{}] },
  { models: [{ simulated: {} }] },
  { models: [{ simulated: { id: 'a', latencyMs: { medianMs: 1, p99Ms: 2 } } }] },
  { models: [{ simulated: { id: 'a', accuracy: 2 } }] },
  {
    models: [
      'ollama/a',
      { model: 'ollama/b', settings: { temperature: 0.5, parameters: { seed: 1 } }, price },
    ],
  },
  { models: [{ model: 'ollama/b', settings: { temperature: 5 } }] },
  { models: [{ model: 'ollama/b', confidence: 'sure' }] },
  { models: [{ model: 'ollama/b', price: { inputPerMillionUsd: 1 } }] },
  { models: [{ model: 'ollama/b', colour: 'red' }] },
  { models: [{ model: 'any', baseURL: 'http://127.0.0.1:9/v1' }] },
  { names: { mine: { model: 'ollama/a' } }, models: ['mine'] },
  { names: { mine: { model: 'ollama/a', colour: 'red' } }, models: ['mine'] },
];

describe('a file with an ensemble', () => {
  it.each(samples.map((sample) => [JSON.stringify(sample), sample] as const))(
    '%s is as valid for the schema as for predict',
    async (_, sample) => {
      const file = { models, ...sample };
      const path = fileOf(JSON.stringify(file), 'ensemble.json');
      const _interrupted = AbortSignal.abort();
      const context = {
        env: {},
        signal: new AbortController().signal,
        errors: createOutput(new PassThrough()),
      };
      const isPlanned = await planPrediction({ flags: { ensemble: path }, faults: [] }, context).then(
        () => true,
        (error) => {
          expect(error).toBeInstanceOf(ConfigError);
          return false;
        },
      );
      const { valid } = new Validator(ensembleSchema, '2020-12').validate(file);
      expect({ valid }).toEqual({ valid: isPlanned });
    },
  );

  it('describes a condition of an experiment too', async () => {
    const path = experimentOf(
      {
        $schema: 'any',
        dataset: 'sums.jsonl',
        conditions: { mine: { models, normalization: 'numeric', execution: { sequential: {} } } },
      } as unknown as Json,
      4,
    );
    const { code, stderr } = await runCommand(['run', path]);
    expect({ code, stderr: stderr.includes('problem') }).toEqual({ code: 0, stderr: false });
    const file = JSON.parse(readFileSync(beside(path, 'experiment.json'), 'utf8'));
    expect(new Validator(experimentSchema, '2020-12').validate(file).errors).toEqual([]);
    expect(new Validator(experimentSchema, '2020-12').validate({ ...file, journl: 'x' }).valid).toBe(false);
  });
});
