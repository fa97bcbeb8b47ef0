import fc from 'fast-check';
import { map, mergeMap, of, throwError, timer } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, it } from 'vitest';
import { byTolerance } from '../../src/grouping/grouping.ts';
import {
  bestConfidence,
  boolean,
  cascade,
  createEnsemble,
  decided,
  type FinalTally,
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
import {
  conversations,
  createEnsemble as createValueEnsemble,
  deciding,
  grouped,
} from '../../src/values/values.ts';

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
  isGrouped: fc.boolean(),
  isDecided: fc.boolean(),
  isConversation: fc.boolean(),
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

/** Says what it is asked. */
const echo: Model = {
  id: 'echo',
  call: ({ prompt, system, settings }) => of({ text: JSON.stringify({ prompt, system, settings }) }),
};

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
    const grouping = given.isGrouped && { grouping: byTolerance(0) };
    const decide = given.isDecided && {
      decide: ({ groups }: FinalTally) => ({ key: groups.at(-1)?.[0]?.key ?? '', reason: 'last' }),
    };
    const query = given.isConversation
      ? { system: 'Answer.', messages: [{ role: 'user' as const, content: '?' }] }
      : '?';
    const ofNames = createEnsemble({
      models,
      ...namedPolicies,
      ...grouping,
      ...decide,
      ...(given.isOverridden ? {} : named),
    });
    const ofValues = createValueEnsemble<unknown>({
      models,
      queries: conversations,
      ...policies,
      ...(grouping && { grouping: grouped(grouping.grouping) }),
      ...(decide && { decide: deciding(decide.decide) }),
      ...(given.isOverridden ? { normalization: lowercaseTrim } : values),
    });
    const ensemble = isNamed ? ofNames : ofValues;
    ensemble.events$.subscribe(({ type }) => log.push(type));
    const prediction$ = isNamed
      ? ofNames.predict$(query, given.isOverridden ? named : {})
      : given.isOverridden
        ? ofValues.predict$<unknown>(query, values)
        : ofValues.predict$(query);
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

  it('reads texts alone without a reader of conversations, and says how to read others', async () => {
    const ensemble = createValueEnsemble({ models: modelsOf([]).concat(echo), normalization: lowercaseTrim });
    const query = { messages: [{ role: 'user' as const, content: '?' }] };
    await expect(ensemble.predict(query)).rejects.toThrowErrorMatchingInlineSnapshot(
      `[ConfigError: predict: the query must be a string, but got an object; for messages, files and tools set "queries" to conversations of crucible-ensemble/values]`,
    );
    await expect(ensemble.predict(' ')).rejects.toThrowErrorMatchingInlineSnapshot(
      `[ConfigError: predict: the question must not be blank, but got a string of blanks; check where its text comes from]`,
    );
  });

  it('is asked by an ensemble that it is a member of, with the instructions and the settings of that one', async () => {
    const inner = createValueEnsemble({
      models: [echo],
      normalization: lowercaseTrim,
      system: 'Inner.',
      settings: { temperature: 1, seed: 1 },
    });
    const given = { models: [inner.asModel('inner')], normalization: lowercaseTrim };
    const asked = async (options: object): Promise<unknown> =>
      JSON.parse((await createValueEnsemble({ ...given, ...options }).predict('?')).text);
    expect(await asked({})).toEqual({ prompt: '?', system: 'Inner.', settings: { temperature: 1, seed: 1 } });
    expect(await asked({ system: 'Outer.', settings: { seed: 2 } })).toEqual({
      prompt: '?',
      system: 'Outer.',
      settings: { temperature: 1, seed: 2 },
    });
    const failed = await createEnsemble(given)
      .predict({ messages: ['a', 'b'].map((content) => ({ role: 'user' as const, content })) })
      .catch((error: NoPredictionError) => error.outcomes[0]);
    expect(failed).toMatchObject({
      error: { cause: { message: expect.stringMatching(/conversations of crucible-ensemble\/values/) } },
    });
  });

  it('refuses a decider and a grouping without the code that they need, and says how to add it', () => {
    const create = createValueEnsemble as (options: unknown) => unknown;
    const sound = { models: [echo], normalization: lowercaseTrim };
    expect(() =>
      create({ ...sound, decide: () => undefined, grouping: byTolerance(1) }),
    ).toThrowErrorMatchingInlineSnapshot(`
      [ConfigError: 2 faults:
      - createEnsemble: option "decide" must be what deciding() of crucible-ensemble/values returns, or false, but got a function; wrap it: deciding(yours)
      - createEnsemble: option "grouping" must be what grouped() of crucible-ensemble/values returns, or false, but got an object; wrap it: grouped(yours)]
    `);
    expect(() =>
      create({
        ...sound,
        decide: grouped(byTolerance(1)),
        grouping: deciding(() => undefined),
        queries: true,
      }),
    ).toThrowErrorMatchingInlineSnapshot(`
      [ConfigError: 3 faults:
      - createEnsemble: option "decide" must be what deciding() of crucible-ensemble/values returns, or false, but got an object
      - createEnsemble: option "grouping" must be what grouped() of crucible-ensemble/values returns, or false, but got an object
      - createEnsemble: option "queries" must be conversations of crucible-ensemble/values, but got true]
    `);
    expect(() => create({ ...sound, decide: false, grouping: false })).not.toThrow();
    expect(() => deciding(false as never)).toThrowErrorMatchingInlineSnapshot(
      `[ConfigError: deciding: the decider must be a decider, or a function of the tally, but got false]`,
    );
    expect(() => grouped('content' as never)).toThrowErrorMatchingInlineSnapshot(
      `[ConfigError: grouped: the grouping must be a grouping, or a function of the votes, but got "content"]`,
    );
  });
});
