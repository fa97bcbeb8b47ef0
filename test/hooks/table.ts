import { lastValueFrom, map, merge, of, toArray } from 'rxjs';
import { vi } from 'vitest';

import { aiSdkEmbedder, ensembleModel } from '../../src/ai-sdk/ai-sdk.ts';
import { predict as autoPredict, createAutoEnsemble } from '../../src/auto/auto.ts';
import { createEnsembleClient } from '../../src/client/client.ts';
import { createEnsemble as createCoreEnsemble } from '../../src/core/core.ts';
import { council, debate, fuse, jury, judge as modelJudge } from '../../src/deciders/deciders.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import {
  exact,
  fromPanel,
  grade,
  judge,
  labelledBallots,
  memoryJournal,
  rescore,
  runExperiment,
  scorecard,
  type Trial,
  tune,
} from '../../src/experiment/experiment.ts';
import { byEmbedding, defineEmbedder, type EmbeddingOptions } from '../../src/grouping/grouping.ts';
import {
  abstain,
  allOf,
  anyOf,
  attachHandlers,
  attachLogger,
  createEnsemble,
  type DecisionContext,
  defineModel,
  type EnsembleOptions,
  type FieldRule,
  fieldwise,
  type Grouping,
  lowercaseTrim,
  type Model,
  majority,
  marked,
  onEnsemble,
  type Prediction,
  type PredictOverrides,
  rowwise,
  schema,
  simulated,
  toolCalls,
  type Vote,
  type Voter,
  withConfidence,
  wrapVoter,
} from '../../src/index.ts';
import { EnsembleChatModel } from '../../src/langchain/langchain.ts';
import { explain, profile } from '../../src/metrics/metrics.ts';
import { unitTests } from '../../src/node/node.ts';
import { ask, elect, predictWith, stopWhen, vote } from '../../src/operators/operators.ts';
import { cache, circuitBreaker, fallback, rateLimit, retry } from '../../src/policies/policies.ts';
import { anthropic } from '../../src/providers/anthropic.ts';
import { gemini } from '../../src/providers/gemini.ts';
import { googleGenAI, googleGenAIEmbedder } from '../../src/providers/google-genai.ts';
import { openai } from '../../src/providers/openai.ts';
import { openaiCompatible, openaiCompatibleEmbedder } from '../../src/providers/openai-compatible.ts';
import { createEnsemble as createValueEnsemble, deciding, grouped } from '../../src/values/values.ts';

/** The function of a caller, which may do anything. */
// biome-ignore lint/suspicious/noExplicitAny: it takes the place of functions of every type
export type HostileFunction = (...given: any[]) => any;

/** One hook: how it is reached, and what may come back from it. */
export interface Hook {
  /** Does what calls the function, and returns what a caller sees of it. */
  readonly use: (hostile: HostileFunction) => unknown;
  /** The words that a caller finds of its fault. Default: any that foreign.ts uses. */
  readonly told?: RegExp;
  /** Whether the function may be async. */
  readonly isAsync?: boolean;
  /** Whether it is awaited without a limit but that of the caller, so that one that never ends never ends. */
  readonly waits?: boolean;
  /** Whether its result does not matter, as that of a callback. */
  readonly isCallback?: boolean;
  /** Whether what it throws is what the caller receives. */
  readonly rethrows?: boolean;
  /** The values of `hostileValues` that are valid results. */
  readonly accepts?: readonly string[];
  /** Why a fault need not be told, such as the documented default of an option. */
  readonly untold?: string;
}

const answering = (id: string, text = 'Paris'): Model =>
  defineModel(id, () => ({ text, costUsd: 0.01, confidence: 0.9 }));

const panel = [answering('a'), answering('b'), answering('c', 'Lyon')];

/** What a caller can read of an outcome. */
const wordsOfOutcome = (outcome: Outcome): string =>
  [
    outcome.status,
    outcome.warning,
    outcome.status === 'abstained' && outcome.reason,
    outcome.status === 'failed' && outcome.error.message,
    ...(outcome.attempts ?? []).map(({ error }) => error.message),
  ]
    .filter(Boolean)
    .join(' ');

const wordsOf = (prediction: Prediction): string =>
  [...prediction.metadata.warnings, ...prediction.outcomes.map(wordsOfOutcome)].join('\n');

/** What a caller can read of an error, which must be one of this library. */
export const wordsOfError = (error: unknown): string => {
  const { name, message, outcomes = [] } = error as Error & { outcomes?: readonly Outcome[] };
  return [`${name}: ${message}`, ...outcomes.map(wordsOfOutcome)].join('\n');
};

/** The time limit of the calls: long, unless a function never settles. */
export const limit = { timeoutMs: 10_000 };

const predicting = async (options: Partial<EnsembleOptions>, overrides?: PredictOverrides): Promise<string> =>
  wordsOf(
    await createEnsemble({ models: panel, ...limit, ...options } as EnsembleOptions).predict(
      'Capital of France?',
      overrides as never,
    ),
  );

const inEnsemble = (optionsOf: (hostile: HostileFunction) => object, more: Partial<Hook> = {}): Hook => ({
  use: (hostile) => predicting(optionsOf(hostile)),
  ...more,
});

const inOverrides = (optionsOf: (hostile: HostileFunction) => object, more: Partial<Hook> = {}): Hook => ({
  use: (hostile) => predicting({}, optionsOf(hostile)),
  ...more,
});

const inVoter = (method: keyof Voter, more: Partial<Hook> = {}): Hook =>
  inEnsemble((hostile) => ({ strategy: { ...majority(), name: 'mine', [method]: hostile } }), more);

const inFields = (rulesOf: (hostile: HostileFunction) => Readonly<Record<string, FieldRule>>): Hook =>
  inEnsemble(
    (hostile) => ({
      models: ['a', 'b'].map((id) => defineModel(id, () => '{"city":"Paris","cities":[{"name":"Paris"}]}')),
      normalization: 'json',
      strategy: fieldwise(rulesOf(hostile)),
    }),
    {
      told: /the rule of the field/,
      accepts: ['undefined', 'null', 'an empty object'],
    },
  );

const inModel = (
  wrap: (hostile: HostileFunction) => (model: Model) => Model,
  more: Partial<Hook> = {},
): Hook => ({
  use: (hostile) => {
    let calls = 0;
    const flaky = defineModel('flaky', () => {
      calls += 1;
      if (calls < 2) throw new Error('down');
      return 'Paris';
    });
    return predicting({ models: [wrap(hostile)(flaky)], minResponses: 1 });
  },
  ...more,
});

const question = { id: '1', question: 'Capital of France?', expected: 'Paris' };

const trialsWith = (options: object): Promise<Trial[]> =>
  Array.fromAsync(
    runExperiment({ dataset: [question], conditions: { one: { models: panel } }, ...options } as never),
  );

const wordsOfTrials = (trials: readonly Trial[]): string =>
  trials.map(({ result }) => ('metadata' in result ? wordsOf(result) : wordsOfError(result))).join('\n');

const withHandlers = async (type: string, hostile: HostileFunction): Promise<void> => {
  const never = (): Promise<string> => new Promise(() => undefined);
  const ensembles = [
    createEnsemble({
      models: [answering('a'), defineModel('down', () => Promise.reject(new Error('down')))],
    }),
    createEnsemble({ models: [defineModel('slow', never), answering('a')], earlyStop: 0.5, minResponses: 1 }),
    createEnsemble({ models: panel, strategy: 'unanimous' }),
  ];
  for (const ensemble of ensembles) {
    attachHandlers(ensemble, { [type]: hostile } as never);
    await ensemble.predict('?').catch(() => undefined);
  }
  const waiting = createEnsemble({ models: [defineModel('slow', never)] });
  attachHandlers(waiting, { [type]: hostile } as never);
  waiting.predict$('?').subscribe().unsubscribe();
};

const withLogger = async (level: string, hostile: HostileFunction): Promise<void> => {
  const quiet = (): void => undefined;
  const ensemble = createEnsemble({ models: panel });
  const types = ['predict:start', 'predict:stop', 'model:start', 'model:stop'];
  attachLogger(ensemble, { info: quiet, warn: quiet, error: quiet, [level]: hostile } as never, {
    levels: Object.fromEntries(types.map((type) => [type, level])) as never,
  });
  await ensemble.predict('?');
};

const rescored = (options: object): Promise<Trial[]> =>
  Array.fromAsync(
    rescore({
      dataset: [
        {
          ...question,
          responses: [
            { model: 'a', text: 'Paris' },
            { model: 'b', text: 'Paris' },
          ],
        },
      ],
      conditions: { one: { models: [answering('a'), answering('b')] } },
      ...options,
    } as never),
  );

const callModel = (model: Model): Promise<string> => predicting({ models: [model], minResponses: 1 });

/** The options that an ensemble, its overrides and the short forms have in common. */
const modelsOf: Partial<Hook> = { told: /models\(query\)/ };
const policy: Partial<Hook> = { told: /the policy "\w+"/ };
const stopRule: Partial<Hook> = { told: /the stop rule/ };
const strategy: Partial<Hook> = { told: /the voting strategy/ };
const normalization: Partial<Hook> = {
  told: /the model|counted|found no answer/,
  accepts: ['an empty object'],
};

const readingText: Partial<Hook> = {
  told: /orText of toolCalls|toolCalls (?:returned|found no answer)/,
  accepts: ['an empty object'],
};

const policyNames = ['retry', 'circuitBreaker', 'concurrency', 'rateLimit', 'cache', 'budget'];

const policyHooks = (
  owner: string,
  use: (options: object) => Promise<unknown>,
  names: readonly string[] = policyNames,
): Record<string, Hook> =>
  Object.fromEntries(
    names.map((name) => [
      `${owner}.${name}`,
      { use: (hostile: HostileFunction) => use({ [name]: hostile }), ...policy },
    ]),
  );

const check: Partial<Hook> = { told: /check /, isAsync: true, waits: true };

const grouping: Partial<Hook> = { told: /the grouping/ };
const decide: Partial<Hook> = { told: /has no verdict/, isAsync: true, accepts: ['undefined'] };

const embedding: Partial<Hook> = { told: /byEmbedding did not compare the answers/, isAsync: true };

const embeddingBy = (embed: EmbeddingOptions['embed']): Grouping => byEmbedding({ embed, threshold: 0.9 });

/** In virtual time, a promise has no result. */
const decideInExperiment: Partial<Hook> = {
  ...decide,
  told: /has no verdict|condition "one"/,
  isAsync: false,
};

const inGrouping = (method: keyof Grouping): Hook =>
  inEnsemble((hostile) => ({ grouping: { ...groupsOfOne, [method]: hostile } }), grouping);

const groupsOfOne: Grouping<Vote[]> = {
  name: 'mine',
  init: () => [],
  add: (votes, vote) => [...votes, vote],
  groups: (votes) => [...Map.groupBy(votes, ({ key }) => key).values()],
};

const optionHooks = (owner: string, use: (options: object) => Promise<unknown>): Record<string, Hook> => ({
  [`${owner}.strategy`]: { use: (hostile) => use({ strategy: hostile }), ...strategy },
  [`${owner}.earlyStop`]: { use: (hostile) => use({ earlyStop: hostile }), ...stopRule },
  [`${owner}.normalization`]: { use: (hostile) => use({ normalization: hostile }), ...normalization },
  [`${owner}.check`]: { use: (hostile) => use({ check: hostile }), ...check },
});

const groupingHook = (owner: string, use: (options: object) => Promise<unknown>): Record<string, Hook> => ({
  [`${owner}.grouping`]: { use: (hostile) => use({ grouping: hostile }), ...grouping },
});

/** An ensemble of the core. */
const ofCore = async (options: object): Promise<string> =>
  wordsOf(
    await createCoreEnsemble({ models: panel, normalization: lowercaseTrim, ...limit, ...options }).predict(
      '?',
    ),
  );

/** An ensemble of values, which has options and overrides of the same names. */
const ofValues = async (options: object, overrides?: object): Promise<string> =>
  wordsOf(
    await createValueEnsemble({
      models: panel,
      normalization: lowercaseTrim,
      ...limit,
      ...options,
    } as never).predict('?', overrides as never),
  );

const auto = async (options: object): Promise<string> =>
  wordsOf(await createAutoEnsemble({ models: panel, ...options } as never).predict('?'));

/** Sends nothing: the panel is made, and its warnings are given, before the signal is looked at. */
const autoPredictingNothing = (options: object): Promise<string> =>
  autoPredicting({ ...options, signal: AbortSignal.abort() });

const autoPredicting = async (options: object): Promise<string> =>
  wordsOf(await autoPredict('?', { models: panel, ...options } as never));

/** Does something when a model of the catalog has been shut down. */
const atShutdown = async (work: () => Promise<string>): Promise<string> => {
  vi.setSystemTime(new Date('2026-12-20'));
  try {
    return await work();
  } finally {
    vi.useRealTimers();
  }
};

const inChoices = async (options: object): Promise<string> =>
  wordsOfTrials(await trialsWith({ conditions: { one: { models: panel, ...options } } }));

/** Asks an ensemble as a chat model of LangChain. */
const asChatModel = async (orText: HostileFunction): Promise<string> => {
  const ensemble = createEnsemble({ models: panel, ...limit });
  const tools = [{ type: 'function', function: { name: 'look_up', parameters: { type: 'object' } } }];
  const model = new EnsembleChatModel({ ensemble, orText: orText as never }).bindTools(tools);
  return (await model.invoke('Capital of France?')).text;
};

/** Asks an ensemble as a model of the AI SDK, whose errors have those of the ensemble as their cause. */
const asAiSdkModel = async (orText: HostileFunction): Promise<string> => {
  const model = ensembleModel(createEnsemble({ models: panel, ...limit }), { orText: orText as never });
  const { content } = await model
    .doGenerate({
      prompt: [{ role: 'user', content: [{ type: 'text', text: 'Capital of France?' }] }],
      tools: [{ type: 'function', name: 'look_up', inputSchema: { type: 'object' } }],
    })
    .then(undefined, (error: Error) => {
      throw error.cause;
    });
  return JSON.stringify(content);
};

/** All hooks that the library calls, with their hostile use. */
export const table: Readonly<Record<string, Hook>> = {
  ...optionHooks('EnsembleOptions', predicting),
  ...groupingHook('EnsembleOptions', predicting),
  ...policyHooks('EnsembleOptions', predicting),
  'EnsembleOptions.models': inEnsemble((hostile) => ({ models: hostile }), modelsOf),
  'OverridesFor.models': inOverrides((hostile) => ({ models: hostile }), modelsOf),
  'OverridesFor.strategy': inOverrides((hostile) => ({ strategy: hostile }), strategy),
  'OverridesFor.earlyStop': inOverrides((hostile) => ({ earlyStop: hostile }), stopRule),
  'PredictOverrides.models': inOverrides((hostile) => ({ models: hostile }), modelsOf),
  'PredictOverrides.strategy': inOverrides((hostile) => ({ strategy: hostile }), strategy),
  'PredictOverrides.earlyStop': inOverrides((hostile) => ({ earlyStop: hostile }), stopRule),
  'EnsembleOptions.decide': inEnsemble((hostile) => ({ decide: hostile }), decide),
  'AutoEnsembleOptions.decide': { use: (hostile) => auto({ decide: hostile, ...limit }), ...decide },
  'AutoPredictOptions.decide': { use: (hostile) => autoPredicting({ decide: hostile, ...limit }), ...decide },
  'FuseOptions.unless': inEnsemble(
    (hostile) => ({ decide: fuse({ model: answering('chairman'), unless: hostile as never }) }),
    { told: /has no verdict/, accepts: ['undefined'] },
  ),
  'ModelJudgeOptions.unless': inEnsemble(
    (hostile) => ({ decide: modelJudge({ model: answering('judge'), unless: hostile as never }) }),
    { told: /has no verdict/, accepts: ['undefined'] },
  ),
  'JuryOptions.unless': inEnsemble(
    (hostile) => ({ decide: jury({ members: [answering('juror')], unless: hostile as never }) }),
    { told: /has no verdict/, accepts: ['undefined'] },
  ),
  'JuryOptions.review': {
    use: (review) =>
      grade(jury({ members: [answering('juror')], review }), {
        id: '1',
        question: 'Capital of France?',
        answer: 'Paris',
      }).then(({ review: marked }) => marked),
    told: /"review" of jury/,
    accepts: ['undefined', 'an empty string'],
  },
  'CouncilOptions.unless': inEnsemble((hostile) => ({ decide: council({ unless: hostile as never }) }), {
    told: /has no verdict/,
    accepts: ['undefined'],
  }),
  'DebateOptions.unless': inEnsemble((hostile) => ({ decide: debate({ unless: hostile as never }) }), {
    told: /has no verdict/,
    accepts: ['undefined'],
  }),
  'OverridesFor.grouping': inOverrides((hostile) => ({ grouping: hostile }), grouping),
  'PredictOverrides.grouping': inOverrides((hostile) => ({ grouping: hostile }), grouping),
  'OverridesFor.decide': inOverrides((hostile) => ({ decide: hostile }), decide),
  'PredictOverrides.decide': inOverrides((hostile) => ({ decide: hostile }), decide),
  'EnsembleModelOptions.orText': { use: asAiSdkModel, ...readingText },
  'EnsembleChatModelFields.orText': { use: asChatModel, ...readingText },
  'Grouping.init': inGrouping('init'),
  'Grouping.add': inGrouping('add'),
  'Grouping.groups': inGrouping('groups'),
  'EnsembleClientOptions.fetch': {
    use: (fetch) =>
      createEnsembleClient({ url: 'http://localhost', ensemble: 'panel', fetch }).predict('Hi?'),
    told: /cannot be reached/,
    isAsync: true,
    waits: true,
  },
  'EnsembleClientOptions.headers': {
    use: (headers) =>
      createEnsembleClient({
        url: 'http://localhost',
        ensemble: 'panel',
        headers,
        fetch: async () => Response.json({ metadata: {} }),
      }).predict('Hi?'),
    told: /headers of the client cannot be used/,
    accepts: ['undefined', 'an empty object'],
    isAsync: true,
    waits: true,
  },
  'EmbeddingOptions.embed': inEnsemble((hostile) => ({ grouping: embeddingBy(hostile) }), embedding),
  'defineEmbedder(embed)': inEnsemble(
    (hostile) => ({ grouping: embeddingBy(defineEmbedder('mine', hostile)) }),
    embedding,
  ),
  'AiSdkEmbeddingModel.doEmbed': inEnsemble(
    (doEmbed) => ({ grouping: embeddingBy(aiSdkEmbedder({ provider: 'mine', modelId: 'm', doEmbed })) }),
    embedding,
  ),
  'GoogleGenAIEmbeddingClient.models.embedContent': inEnsemble(
    (embedContent) => ({
      grouping: embeddingBy(googleGenAIEmbedder('m', { client: { models: { embedContent } } })),
    }),
    embedding,
  ),
  'OpenAICompatibleEmbedderOptions.fetch': inEnsemble(
    (fetch) => ({
      grouping: embeddingBy(
        openaiCompatibleEmbedder('m', {
          baseURL: 'http://127.0.0.1:9/v1',
          apiKey: 'k',
          fetch: fetch as never,
        }),
      ),
    }),
    embedding,
  ),
  'Grouping.refine': { ...inGrouping('refine'), isAsync: true },
  'Decider.decide': inEnsemble((hostile) => ({ decide: { name: 'mine', decide: hostile } }), decide),
  'RoleCallOptions.normalization': inEnsemble(
    (hostile) => ({
      decide: (_: unknown, { call }: DecisionContext) =>
        call(answering('judge'), 'Which?', { role: 'judge', normalization: hostile }).pipe(
          map((outcome) => abstain(wordsOfOutcome(outcome))),
        ),
    }),
    normalization,
  ),
  'OverridesFor.check': inOverrides((hostile) => ({ check: hostile }), check),
  'PredictOverrides.check': inOverrides((hostile) => ({ check: hostile }), check),
  'PredictOverrides.normalization': inOverrides((hostile) => ({ normalization: hostile }), normalization),
  'ToolCallsOptions.orText': inEnsemble((orText) => ({ normalization: toolCalls({ orText }) }), readingText),
  'marked(normalizer)': {
    use: (hostile) =>
      createEnsemble({
        models: [answering('a', 'The answer is Paris.')],
        normalization: marked(hostile),
        ...limit,
      }).predict('?'),
    ...normalization,
    told: /normalizer (threw|returned|found)|answer must|is not a JSON/,
  },
  'wrapVoter(change)': inEnsemble((hostile) => ({ strategy: wrapVoter(majority(), hostile) }), strategy),
  'Execution.schedule': inEnsemble((hostile) => ({ execution: { schedule: hostile } }), {
    told: /the schedule/,
  }),
  'Execution.earlyStop': inEnsemble(
    (hostile) => ({ execution: { schedule: (calls: never[]) => merge(...calls), earlyStop: hostile } }),
    stopRule,
  ),
  'Execution.minResponses': inEnsemble(
    (hostile) => ({ execution: { schedule: (calls: never[]) => merge(...calls), minResponses: hostile } }),
    { told: /minResponses\(3\)/ },
  ),
  'Voter.init': inVoter('init', { ...strategy }),
  'UnitTestsOptions.code': inEnsemble((hostile) => ({ check: unitTests({ tests: 'x', code: hostile }) }), {
    told: /check /,
  }),
  'UnitTestsOptions.command': inEnsemble(
    // Folders are made first, which a busy machine may take longer for than the others' time limit.
    (hostile) => ({ check: unitTests({ tests: 'x', command: hostile }), timeoutMs: 60_000 }),
    { told: /check /, waits: true },
  ),
  'UnitTestsOptions.tests': inEnsemble((hostile) => ({ check: unitTests({ tests: hostile }) }), {
    told: /check |got no tests/,
    isAsync: true,
    waits: true,
  }),
  'fieldwise(rules)[name]': inFields((hostile) => ({ city: hostile })),
  'RowwiseOptions.key': inFields((hostile) => ({ cities: rowwise({ key: hostile }) })),
  'Voter.add': inVoter('add', { ...strategy }),
  'Voter.tally': inVoter('tally', { ...strategy }),
  'Voter.ceiling': inVoter('ceiling', { ...strategy }),
  'Voter.faults': inVoter('faults', { told: /faults\(panel\) of the voter/ }),
  'Pricing.priceOf': inEnsemble(
    (hostile) => ({
      models: panel.map(({ id }) => defineModel(id, () => 'Paris')),
      pricing: { priceOf: hostile, countTokens: () => 1 },
    }),
    { told: /the pricing/, accepts: ['undefined', 'null'] },
  ),
  'Pricing.countTokens': inEnsemble(
    (hostile) => ({
      models: panel.map(({ id }) => defineModel(id, () => 'Paris')),
      pricing: { priceOf: () => ({ usd: 1 }), countTokens: hostile },
    }),
    { told: /the pricing/ },
  ),
  'RetryOptions.shouldHandle': inModel((shouldHandle) => retry({ shouldHandle, baseDelayMs: 0 }), {
    told: /shouldHandle of retry/,
  }),
  'RetryOptions.random': inModel((random) => retry({ random, shouldHandle: () => true, baseDelayMs: 1 }), {
    told: /random of retry/,
  }),
  'CircuitBreakerOptions.shouldHandle': inModel((shouldHandle) => circuitBreaker({ shouldHandle }), {
    told: /shouldHandle of circuitBreaker/,
  }),
  'CircuitBreakerOptions.onStateChange': inModel(
    (onStateChange) => circuitBreaker({ onStateChange, minimumCalls: 1 }),
    { told: /onStateChange of circuitBreaker/, isCallback: true },
  ),
  'FallbackOptions.shouldHandle': inModel(
    (shouldHandle) => (model) => fallback('either', [model, answering('b')], { shouldHandle }),
    { told: /shouldHandle of fallback/ },
  ),
  'RateLimitOptions.countTokens': inModel((countTokens) => rateLimit({ countTokens, tokensPerMinute: 1e6 }), {
    told: /countTokens of rateLimit/,
  }),
  'CacheStore.get': {
    use: (get) => withStore({ get, set: () => undefined }),
    isAsync: true,
    accepts: ['undefined', 'null'],
    told: /store told/,
  },
  'CacheStore.set': {
    use: (set) => withStore({ get: () => undefined, set }),
    isAsync: true,
    isCallback: true,
    told: /store told/,
  },
  'CacheOptions.onStoreError': {
    use: (onStoreError) =>
      callModel(
        cache({
          store: { get: () => Promise.reject(new Error('down')), set: () => undefined },
          onStoreError,
        })(answering('a')),
      ),
    isCallback: true,
    told: /onStoreError of cache/,
  },
  'Model.call': { use: (call) => callModel({ id: 'a', call }), told: /a: / },
  'defineModel(ask)': { use: (ask) => callModel(defineModel('a', ask)), isAsync: true, told: /a: / },
  'withConfidence(confidenceOf)': {
    use: (confidenceOf) => callModel(withConfidence(answering('a'), confidenceOf)),
    told: /confidenceOf of withConfidence|dropped a confidence/,
    accepts: ['undefined'],
  },
  'SimulatedOptions.answer': {
    use: (answer) => callModel(simulated({ id: 'a', answer })),
    told: /answer of simulated/,
  },
  'SimulatedOptions.confidence': {
    use: (confidence) => callModel(simulated({ id: 'a', answer: 'Paris', confidence })),
    told: /confidence of simulated/,
  },
  'StandardSchema.~standard.validate': {
    use: (validate) =>
      predicting({ normalization: schema({ '~standard': { version: 1, vendor: 'own', validate } }) }),
    told: /abstained/,
  },
  'StandardSchema.~standard.jsonSchema.input': {
    use: (input) =>
      createEnsemble({ models: panel }).predict({
        messages: [{ role: 'user', content: '?' }],
        tools: {
          add: {
            inputSchema: {
              '~standard': {
                version: 1,
                vendor: 'own',
                validate: (value) => ({ value }),
                jsonSchema: { input, output: input },
              },
            },
          },
        },
      }),
    accepts: ['an empty object'],
    told: /inputSchema must be a JSON Schema/,
  },
  'StandardSchema.~standard.jsonSchema.output': {
    use: (output) =>
      predicting({
        normalization: schema({
          '~standard': {
            version: 1,
            vendor: 'own',
            validate: (value) => ({ value }),
            jsonSchema: { output },
          },
        }),
      }),
    untold: 'a schema that has no JSON Schema is not sent, as documented',
  },
  'anyOf(rules)[]': inEnsemble((rule) => ({ earlyStop: anyOf(rule) }), {
    told: /anyOf: rules\[0\]|the stop rule/,
  }),
  'allOf(rules)[]': inEnsemble((rule) => ({ earlyStop: allOf(rule) }), {
    told: /allOf: rules\[0\]|the stop rule/,
  }),
  'stopWhen(rule)': {
    use: (rule) =>
      lastValueFrom(
        merge(...panel.map((model) => ask(model, '?'))).pipe(vote(majority()), stopWhen(rule), toArray()),
      ).then(() => ''),
    told: /the rule of stopWhen/,
    rethrows: true,
  },
  'ElectOptions.stopWhen': {
    use: (rule) =>
      lastValueFrom(
        merge(...panel.map((model) => ask(model, '?'))).pipe(elect({ voter: majority(), stopWhen: rule })),
      ).then(() => ''),
    told: /the rule of elect/,
    rethrows: true,
  },
  'AskOptions.normalization': {
    use: async (hostile) =>
      wordsOfOutcome(await lastValueFrom(ask(panel[0] as Model, '?', { normalization: hostile }))),
    ...normalization,
  },
  'predictWith(ensemble).predict$': {
    use: (predict$) =>
      lastValueFrom(of('?').pipe(predictWith({ predict$ } as never), toArray())).then(() => ''),
    told: /predict\$/,
  },
  'PredictManyOptions.onError': {
    use: (onError) =>
      Array.fromAsync(
        createEnsemble({ models: panel, strategy: 'unanimous' }).predictAll(['?'], { onError } as never),
      ).then(() => ''),
    told: /onError/,
    rethrows: true,
    accepts: [
      'undefined',
      'null',
      'NaN',
      'a symbol',
      'an empty object',
      'an object with a getter that throws',
    ],
  },
  ...Object.fromEntries(
    [
      'consensus:failed',
      'consensus:reached',
      'model:cancel',
      'model:exception',
      'model:start',
      'model:stop',
      'predict:cancel',
      'predict:exception',
      'predict:start',
      'predict:stop',
      'vote:complete',
    ].map((type) => [
      `EventHandlers.${type}`,
      {
        use: (hostile: HostileFunction) => withHandlers(type, hostile),
        isCallback: true,
        told: /the listener of/,
      },
    ]),
  ),
  ...Object.fromEntries(
    ['debug', 'info', 'warn', 'error'].map((level) => [
      `Logger.${level}`,
      {
        use: (hostile: HostileFunction) => withLogger(level, hostile),
        isCallback: true,
        told: /the listener of/,
      },
    ]),
  ),
  'onEnsemble(listener)': {
    use: async (listener) => {
      const stop = onEnsemble(listener);
      try {
        await createEnsemble({ models: panel }).predict('?');
      } finally {
        stop();
      }
    },
    isCallback: true,
    told: /onEnsemble/,
  },
  'ListenerOptions.onListenerError': {
    use: async (onListenerError) => {
      const ensemble = createEnsemble({ models: panel });
      const fails = () => {
        throw new Error('a bug');
      };
      attachHandlers(ensemble, { 'predict:start': fails }, { onListenerError });
      await ensemble.predict('?');
    },
    isCallback: true,
    told: /the listener of/,
  },
  'AttachLoggerOptions.onListenerError': {
    use: async (onListenerError) => {
      const ensemble = createEnsemble({ models: panel });
      const fails = () => {
        throw new Error('a bug');
      };
      attachLogger(ensemble, { info: fails, warn: fails, error: fails }, { onListenerError });
      await ensemble.predict('?');
    },
    isCallback: true,
    told: /the listener of/,
  },
  'CoreOptions.earlyStop': { use: (earlyStop) => ofCore({ earlyStop }), ...stopRule },
  'CoreOptions.normalization': { use: (hostile) => ofCore({ normalization: hostile }), ...normalization },
  ...optionHooks('ValueEnsembleOptions', ofValues),
  ...policyHooks('ValueEnsembleOptions', ofValues),
  'ValueEnsembleOptions.models': { use: (models) => ofValues({ models }), ...modelsOf },
  'deciding(decide)': { use: (hostile) => ofValues({ decide: deciding(hostile as never) }), ...decide },
  'grouped(given)': { use: (hostile) => ofValues({ grouping: grouped(hostile as never) }), ...grouping },
  ...optionHooks('ValueOverrides', (overrides) => ofValues({}, overrides)),
  'ValueOverrides.models': { use: (models) => ofValues({}, { models }), ...modelsOf },
  ...optionHooks('AutoEnsembleOptions', auto),
  ...groupingHook('AutoEnsembleOptions', auto),
  ...policyHooks('AutoEnsembleOptions', auto),
  'AutoEnsembleOptions.models': { use: (models) => auto({ models }), ...modelsOf },
  'AutoEnsembleOptions.onWarning': {
    use: (onWarning) =>
      atShutdown(() =>
        auto({ models: ['openai/gpt-5'], apiKeys: { openai: 'k' }, onWarning }).catch(() => ''),
      ),
    isCallback: true,
    told: /onWarning/,
  },
  ...optionHooks('AutoPredictOptions', autoPredicting),
  ...groupingHook('AutoPredictOptions', autoPredicting),
  ...policyHooks('AutoPredictOptions', autoPredicting),
  'AutoPredictOptions.models': { use: (models) => autoPredicting({ models }), ...modelsOf },
  'AutoPredictOptions.onWarning': {
    use: (onWarning) =>
      atShutdown(() =>
        autoPredictingNothing({ models: ['openai/gpt-5'], apiKeys: { openai: 'k' }, onWarning }).catch(
          () => '',
        ),
      ),
    isCallback: true,
    told: /onWarning/,
  },
  ...Object.fromEntries(
    Object.entries({ ...optionHooks('Choices', inChoices), ...groupingHook('Choices', inChoices) }).map(
      ([name, hook]) => [`${name}[]`, hook],
    ),
  ),
  'Choices.decide[]': { use: (hostile) => inChoices({ decide: hostile }), ...decideInExperiment },
  'ConditionOptions.decide': { use: (hostile) => inChoices({ decide: hostile }), ...decideInExperiment },
  'Choices.models[]': { use: (models) => inChoices({ models }), ...modelsOf },
  ...optionHooks('ConditionOptions', inChoices),
  ...groupingHook('ConditionOptions', inChoices),
  'ConditionOptions.models': { use: (models) => inChoices({ models }), ...modelsOf },
  ...policyHooks('ExperimentOptions', (options) => trialsWith(options).then(wordsOfTrials), [
    'retry',
    'circuitBreaker',
    'providerConcurrency',
    'rateLimit',
    'budget',
  ]),
  'ExperimentOptions.scorer': {
    use: (scorer) => trialsWith({ scorer }).then(wordsOfTrials),
    isAsync: true,
    waits: true,
    told: /the scorer/,
  },
  'ExperimentOptions.onProgress': {
    use: (onProgress) => trialsWith({ onProgress }).then(wordsOfTrials),
    isCallback: true,
    told: /onProgress/,
    rethrows: true,
  },
  'RescoreOptions.scorer': {
    use: (scorer) => rescored({ scorer }).then(wordsOfTrials),
    isAsync: true,
    waits: true,
    told: /the scorer/,
  },
  'RescoreOptions.onProgress': {
    use: (onProgress) => rescored({ onProgress }).then(wordsOfTrials),
    isCallback: true,
    told: /onProgress/,
    rethrows: true,
  },
  'ScorecardOptions.confidenceOf': {
    use: async (confidenceOf) => void (await scorecard(await trialsWith({}), { confidenceOf })),
    told: /confidenceOf/,
    accepts: ['undefined', 'NaN'],
  },
  'ScorecardOptions.normalization': {
    use: async (hostile) =>
      void (await scorecard(await trialsWith({ dataset: [{ ...question, expected: 'Rome' }] }), {
        normalization: hostile,
      })),
    untold: 'a right answer in which nothing is found is no right answer of a single model',
  },
  'JudgeOptions.ask': {
    use: (hostile) =>
      trialsWith({ scorer: judge({ ensemble: createEnsemble({ models: panel }), ask: hostile }) }),
    told: /ask of judge|the scorer/,
  },
  'JudgeOptions.onVerdict': {
    use: (onVerdict) =>
      trialsWith({
        scorer: judge({ ensemble: createEnsemble({ models: [defineModel('j', () => 'yes')] }), onVerdict }),
      }),
    isCallback: true,
    told: /onVerdict/,
  },
  'JudgeOptions.ensemble.predict': {
    use: (predict) => trialsWith({ scorer: judge({ ensemble: { predict } as never }) }),
    isAsync: true,
    waits: true,
    told: /the scorer/,
  },
  'FromPanelOptions.models': {
    use: async (models) => {
      const ballots = await Array.fromAsync(
        labelledBallots(
          Array.from({ length: 24 }, (_, index) => ({
            ...question,
            id: String(index),
            responses: [{ model: 'a', text: 'Paris' }],
          })),
        ),
      );
      fromPanel(tune({ ballots, aim: { maximize: 'accuracy' } }).panel, { models });
    },
    told: /models/,
  },
  'ExactOptions.as': {
    use: (as) =>
      Array.fromAsync(
        runExperiment({ dataset: [question], conditions: { a: { models: panel } }, scorer: exact({ as }) }),
      ),
    untold: 'a right answer that it cannot read has no score, which the notes of a scorecard say',
    accepts: ['an empty object'],
  },
  'LabelledBallotsOptions.normalization': {
    use: (hostile) =>
      Array.fromAsync(
        labelledBallots([{ ...question, responses: [{ model: 'a', text: 'Paris' }] }], {
          normalization: hostile,
        }),
      ),
    told: /the normalization finds no answer/,
    accepts: ['an empty object'],
  },
  'LabelledBallotsOptions.scorer': {
    use: (scorer) =>
      Array.fromAsync(
        labelledBallots([{ ...question, responses: [{ model: 'a', text: 'Paris' }] }], { scorer }),
      ),
    isAsync: true,
    waits: true,
    told: /the scorer/,
  },
  'Journal.get': {
    use: (get) => trialsWith({ journal: { ...memoryJournal(), get } }),
    isAsync: true,
    waits: true,
    told: /journal/,
    accepts: [
      'undefined',
      'null',
      'NaN',
      'a symbol',
      'an empty object',
      'an object with a getter that throws',
    ],
  },
  'Journal.append': {
    use: (append) => trialsWith({ journal: { ...memoryJournal(), append } }),
    isAsync: true,
    waits: true,
    isCallback: true,
    told: /journal/,
  },
  'ExplainOptions.voter': {
    use: async (voter) => void explain(await createEnsemble({ models: panel }).predict('?'), { voter }),
    told: /the voting strategy|voter/,
  },
  'Configuration.predict': {
    use: (predict) => profile('?', { one: { predict } }),
    isAsync: true,
    waits: true,
    told: /predict/,
    rethrows: true,
  },
  'OpenAIOptions.fetch': {
    use: (fetch) => callModel(openai('gpt-6-luna', { apiKey: 'k', fetch } as never)),
    isAsync: true,
    told: /failed/,
  },
  'AnthropicOptions.fetch': {
    use: (fetch) => callModel(anthropic('claude-haiku-5-5', { apiKey: 'k', fetch } as never)),
    isAsync: true,
    told: /failed/,
  },
  'OpenAICompatibleOptions.fetch': {
    use: (fetch) =>
      callModel(
        openaiCompatible('m', {
          baseURL: 'http://127.0.0.1:9/v1',
          apiKey: 'k',
          fetch,
        } as never),
      ),
    isAsync: true,
    told: /failed/,
  },
  'UndiciDispatcher.request': {
    use: (request) =>
      callModel(
        openaiCompatible('m', {
          baseURL: 'http://127.0.0.1:9/v1',
          apiKey: 'k',
          dispatcher: { request },
        } as never),
      ),
    isAsync: true,
    told: /failed/,
  },
  'GeminiClient.getGenerativeModel': {
    use: (getGenerativeModel) =>
      callModel(gemini('gemini-2.5-flash', { client: { getGenerativeModel } } as never)),
    told: /failed/,
  },
  'GeminiModel.generateContent': {
    use: (generateContent) =>
      callModel(
        gemini('gemini-2.5-flash', {
          client: { getGenerativeModel: () => ({ generateContent, generateContentStream: generateContent }) },
        } as never),
      ),
    isAsync: true,
    told: /failed/,
  },
  'GeminiModel.generateContentStream': {
    use: (generateContentStream) =>
      streaming(
        gemini('gemini-2.5-flash', {
          client: {
            getGenerativeModel: () => ({ generateContent: generateContentStream, generateContentStream }),
          },
        } as never),
      ),
    isAsync: true,
    told: /failed/,
  },
  'GoogleGenAIClient.models.generateContent': {
    use: (generateContent) =>
      callModel(
        googleGenAI('gemini-2.5-flash', {
          client: { models: { generateContent, generateContentStream: generateContent } },
        } as never),
      ),
    isAsync: true,
    told: /failed/,
  },
  'GoogleGenAIClient.models.generateContentStream': {
    use: (generateContentStream) =>
      streaming(
        googleGenAI('gemini-2.5-flash', {
          client: { models: { generateContent: generateContentStream, generateContentStream } },
        } as never),
      ),
    isAsync: true,
    told: /failed/,
  },
};

const withStore = async (store: { get: HostileFunction; set: HostileFunction }): Promise<string> => {
  const told: string[] = [];
  const words = await callModel(
    cache({ store, onStoreError: () => void told.push('store told') })(answering('a')),
  );
  await new Promise((resolve) => setImmediate(resolve));
  return [words, ...told].join('\n');
};

const streaming = async (model: Model): Promise<string> => {
  const events = await Array.fromAsync(createEnsemble({ models: [model], ...limit }).stream('?'));
  return events.map((event) => (event.type === 'complete' ? wordsOf(event.prediction) : '')).join('\n');
};

/** Hooks that the library calls nowhere, or whose results it does not use, and why. */
export const exempt: Readonly<Record<string, string>> = {
  'Jury.decide': 'a Decider of this library',
  'Jury.review': 'JuryOptions.review, as it was given',
  ...Object.fromEntries(
    ['check', 'earlyStop', 'models', 'strategy'].map((option) => [
      `ValueOverridesFor.${option}`,
      'that of ValueOverrides',
    ]),
  ),
  ...Object.fromEntries(
    ['check', 'decide', 'earlyStop', 'grouping', 'models', 'normalization', 'strategy'].map((option) => [
      `bindTools(kwargs).overrides.${option}`,
      'that of PredictOverrides',
    ]),
  ),
  'attemptCosts(costSoFar)':
    'called by the engine for an ensemble that is a model, with a function of its own',
  'CheckContext.call': 'given by the engine',
  'ProgramOptions.code': 'that of UnitTestsOptions',
  'ProgramOptions.command': 'that of UnitTestsOptions',
  'UnitTestsOptions.count': 'called when a program has ended: see unit-tests.process.test.ts',
  'DecisionContext.call': 'given by the engine',
  'DecisionContext.count': 'given by the engine',
  'DecisionContext.read': 'given by the engine',
  'RefiningContext.call': 'given by the engine',
  'RefiningContext.report': 'given by the engine',
  'RefiningContext.warn': 'given by the engine',
  'ModelJudge.decide': 'that of Decider',
  'ModelError.toJSON': 'a method of an error of this library',
  'OpenAttempt.error': 'called by the policies of this library, with an attempt of their own',
  'PredictEach(options).onError': 'that of PredictManyOptions',
  'NoPredictionError.toJSON': 'a method of an error of this library',
  'RetryBudget.retriesLeft': 'only budgets that retryBudget() made are accepted',
  'SpendingCap.spentUsd': 'only caps that spendingCap() made are accepted',
  'SpendingCap.reservedUsd': 'only caps that spendingCap() made are accepted',
  'PredictWithValues(overrides).normalization': 'that of ValueOverrides',
  'ScoringContext.readAnswer': 'made by an experiment; a caller passes it only to call a scorer by itself',
  'Journal.entries': 'read by the caller',
  'Journal.close': 'called by the caller',
  'JournalOptions.onNotice': 'called when a journal with a torn end is opened: see file-journal.test.ts',
  ...Object.fromEntries(
    ['asModel', 'predict', 'predict$', 'predictAll', 'stream'].map((method) => [
      `Ensemble.${method}`,
      'an ensemble of createEnsemble',
    ]),
  ),
  'ConfigError.toJSON': 'a method of an error of this library',
  'CrucibleError.toJSON': 'a method of an error of this library',
  'EnsembleHealthIndicator(registry).get': 'called by EnsembleModule, with a registry of its own',
  'closes(handler).close': 'called by EnsembleModule, with a handler of its own',
  'ServeFactory.useFactory': 'called by Nest; its error ends the start of the application',
  'PredictResourceOptions.ensemble': 'an error of it is that of the resource: see test/angular',
  'PredictResourceOptions.query': 'an error of it is that of the resource: see test/angular',
  'provideEnsembleClient(options)': 'called by Angular, whose injector reports its errors',
  'EnsembleMcpOptions.handler.fetch': 'the handler of createEnsembleHandler, which never rejects',
  'McpHandler.close': 'of the SDK of MCP',
  'McpHandler.fetch': 'of the SDK of MCP',
  'McpSdk.createMcpHandler': 'of the SDK of MCP',
  'McpSdk.fromJsonSchema': 'of the SDK of MCP',
  'Callers.of': 'any error of it is a response: see test/server/hooks.test.ts',
  'Callers.admit': 'any error of it is a response: see test/server/hooks.test.ts',
  'admit()': 'an error of it is an event: see test/server/hooks.test.ts',
  'admit()<>': 'an error of it is an event: see test/server/hooks.test.ts',
  'SpendStore.add': 'an error of it is an event: see test/server/hooks.test.ts',
  'SpendStore.spent': 'any error of it is a response: see test/server/hooks.test.ts',
  'AskableEnsemble.predict$': 'an ensemble of createEnsemble',
  'AskableEnsemble.stream': 'an ensemble of createEnsemble',
  'ServableEnsemble.predict$': 'an ensemble of createEnsemble',
  'ServableEnsemble.stream': 'an ensemble of createEnsemble',
  'FaultServer.answer(choose)': 'of the caller’s own tests: a fault of it is theirs to see',
  'FaultServer.answer(choose)()': 'of the caller’s own tests: a fault of it is theirs to see',
  'FaultServer.script(replies)[]': 'of the caller’s own tests: a fault of it is theirs to see',
  'Reply(stalled)': 'of the caller’s own tests: a fault of it is theirs to see',
  'delayed(reply)': 'of the caller’s own tests: a fault of it is theirs to see',
  'ModelContractOptions.createModel': 'of the caller’s own tests: a fault of it is theirs to see',
  'GroupingContractOptions.createGrouping': 'of the caller’s own tests: a fault of it is theirs to see',
  'GroupingContractOptions.createGrouping()': 'of the caller’s own tests: a fault of it is theirs to see',
  'DeciderContractOptions.createDecider': 'of the caller’s own tests: a fault of it is theirs to see',
  'DeciderContractOptions.createDecider()': 'of the caller’s own tests: a fault of it is theirs to see',
  'VoterContractOptions.createVoter': 'of the caller’s own tests: a fault of it is theirs to see',
  'WireDialect.answer': 'of the caller’s own tests: a fault of it is theirs to see',
  'WireDialect.error': 'of the caller’s own tests: a fault of it is theirs to see',
  'WireDialect.events': 'of the caller’s own tests: a fault of it is theirs to see',
  'WireDialect.read': 'of the caller’s own tests: a fault of it is theirs to see',
  'WireDialect.isTerminal': 'of the caller’s own tests: a fault of it is theirs to see',
};
