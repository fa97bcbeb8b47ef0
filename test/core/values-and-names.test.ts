import fc from 'fast-check';
import { map, mergeMap, throwError, timer } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, it } from 'vitest';
import { createEnsemble as createValueEnsemble } from '../../src/core/core.ts';
import {
  bestConfidence,
  boolean,
  cascade,
  createEnsemble,
  decided,
  hedged,
  json,
  lowercaseTrim,
  type Model,
  type ModelResponse,
  majority,
  NoPredictionError,
  numeric,
  parallel,
  sequential,
  unanimous,
  weighted,
} from '../../src/index.ts';
import { cache, circuitBreaker, retry, retryBudget } from '../../src/policies/policies.ts';

const normalizers = { lowercaseTrim, numeric, boolean, json };
const executions = { parallel, sequential, hedged, cascade };
const strategies = { majority, weighted, bestConfidence, unanimous };

const nameOf = <Table extends object>(table: Table) =>
  fc.constantFrom(...(Object.keys(table) as (keyof Table)[]));

const setup = fc.record({
  calls: fc.array(
    fc.record({
      atMs: fc.integer({ min: 0, max: 9 }),
      text: fc.constantFrom('4', 'yes', 'The answer is 4.', '{"answer": 4}', '', 'no'),
      confidence: fc.constantFrom(undefined, 0.2, 0.9),
      fails: fc.constantFrom(false, false, false, true),
    }),
    { minLength: 1, maxLength: 5 },
  ),
  normalization: nameOf(normalizers),
  execution: nameOf(executions),
  strategy: nameOf(strategies),
  earlyStop: fc.constantFrom<false | 'decided' | number>(false, 'decided', 0.5),
  hasPolicies: fc.boolean(),
  isOverridden: fc.boolean(),
});

type Setup = typeof setup extends fc.Arbitrary<infer Value> ? Value : never;

const modelsOf = (calls: Setup['calls']): Model[] =>
  calls.map(({ atMs, text, confidence, fails }, index) => ({
    id: `m${index}`,
    call: () =>
      timer(atMs).pipe(
        mergeMap(() => (fails ? throwError(() => new Error('no')) : [text])),
        map(
          (said): ModelResponse => (confidence === undefined ? { text: said } : { text: said, confidence }),
        ),
      ),
  }));

/** What names cannot tell, and values cannot know: which other name would read the same. */
const withoutHint = (warnings: readonly string[]): string[] =>
  warnings.filter((warning) => !/^all \d+ answers differ as texts/.test(warning));

/** A prediction in virtual time: its events and its result, or its error with the account. */
const courseOf = (given: Setup, isNamed: boolean): unknown[] => {
  const log: unknown[] = [];
  new TestScheduler(() => undefined).run(({ flush }) => {
    const { normalization, execution, strategy, earlyStop } = given;
    const models = modelsOf(given.calls);
    const named = { normalization, execution, strategy, earlyStop };
    const values = {
      normalization: normalizers[normalization],
      execution: executions[execution](),
      strategy: strategies[strategy](),
      earlyStop: earlyStop === 'decided' ? decided() : earlyStop,
    };
    const namedPolicies = given.hasPolicies
      ? ({ retry: true, circuitBreaker: true, cache: true } as const)
      : {};
    const policies = given.hasPolicies
      ? { retry: retry({ budget: retryBudget() }), circuitBreaker: circuitBreaker(), cache: cache() }
      : {};
    const ofNames = createEnsemble({ models, ...namedPolicies, ...(given.isOverridden ? {} : named) });
    const ofValues = createValueEnsemble<unknown>({
      models,
      ...policies,
      ...(given.isOverridden ? { normalization: lowercaseTrim } : values),
    });
    const ensemble = isNamed ? ofNames : ofValues;
    ensemble.events$.subscribe(({ type }) => log.push(type));
    const prediction$ = isNamed
      ? ofNames.predict$('?', given.isOverridden ? named : {})
      : given.isOverridden
        ? ofValues.predict$<unknown>('?', values)
        : ofValues.predict$('?');
    prediction$.subscribe({
      next: ({ metadata, ...prediction }) =>
        log.push(prediction, { ...metadata, warnings: withoutHint(metadata.warnings) }),
      error: (error: unknown) =>
        log.push(error instanceof NoPredictionError ? [error.name, error.message, error.outcomes] : error),
    });
    flush();
  });
  return log;
};

describe('an ensemble of values', () => {
  it('gives the predictions, errors and events of the same options by name', () => {
    fc.assert(
      fc.property(setup, (given) => {
        const named = courseOf(given, true);
        expect(named.length).toBeGreaterThan(2);
        expect(courseOf(given, false)).toEqual(named);
      }),
      { numRuns: 400, seed: 18 },
    );
  });

  it('lists every fault at once, without names that it does not know', () => {
    const create = createValueEnsemble as (options: unknown) => unknown;
    expect(() =>
      create({
        models: [{ id: 'a', call: () => [] }],
        normalization: 'numeric',
        execution: 'hedged',
        strategy: 'majority',
        earlyStop: 'decided',
        retry: true,
        timeout: 5,
      }),
    ).toThrowErrorMatchingInlineSnapshot(`
      [ConfigError: 6 faults:
      - createEnsemble: option "normalization" must be a function of the text, such as numeric, but got "numeric"
      - createEnsemble: option "execution" must be { schedule, earlyStop }, such as parallel() or { schedule: yours }, but got "hedged"
      - createEnsemble: option "strategy" must be a voter, such as majority(), or a function of the votes, but got "majority"
      - createEnsemble: option "earlyStop" must be a share from 0 to 1, a stop rule such as decided(), or false, but got "decided"
      - createEnsemble: option "retry" must be a policy, such as retry() of crucible-ensemble/policies, but got true
      - createEnsemble: there is no option "timeout"; did you mean "timeoutMs"?]
    `);
  });

  it('needs a normalization, and says so', () => {
    const create = createValueEnsemble as (options: unknown) => unknown;
    expect(() => create({ models: modelsOf([]) })).toThrowErrorMatchingInlineSnapshot(`
      [ConfigError: 2 faults:
      - createEnsemble: option "normalization" is missing; it must be a function of the text, such as numeric
      - createEnsemble: option "models" must name at least one model, but is empty]
    `);
    expect(() => create(undefined)).toThrowErrorMatchingInlineSnapshot(`
      [ConfigError: 2 faults:
      - createEnsemble: option "models" is missing; it must be an array of models, or a function of the query
      - createEnsemble: option "normalization" is missing; it must be a function of the text, such as numeric]
    `);
  });

  it('refuses a name among the overrides of a prediction', async () => {
    const ensemble = createValueEnsemble({
      models: [{ id: 'a', call: () => timer(0).pipe(map(() => ({ text: '4' }))) }],
      normalization: numeric,
    });
    const predict = ensemble.predict as (query: string, overrides: unknown) => Promise<unknown>;
    await expect(predict('?', { normalization: 'json' })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[ConfigError: predict: option "normalization" must be a function of the text, such as numeric, but got "json"]`,
    );
    await expect(predict('?', { retry: retry() })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[ConfigError: predict: "retry" is an option of createEnsemble, for all predictions; set it there]`,
    );
  });
});
