import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  ConfigError,
  cascade,
  choice,
  createEnsemble,
  decided,
  defineModel,
  type EnsembleOptions,
  hedged,
  majority,
  type NoPredictionError,
  type PredictOverrides,
  type Pricing,
  parallel,
  type Query,
  schema,
} from '../../src/index.ts';
import { budget, cache, concurrency, fallback, retry, spendingCap } from '../../src/policies/policies.ts';
import { anthropic } from '../../src/providers/anthropic.ts';
import { openai } from '../../src/providers/openai.ts';
import { openaiCompatible } from '../../src/providers/openai-compatible.ts';

const model = defineModel('a', () => '4');
const models = [model];
const pricing: Pricing = { priceOf: () => ({ usd: 1 }), countTokens: (text) => text.length };

/** What JavaScript can pass. */
const create = (options: object): unknown => createEnsemble(options as EnsembleOptions);
const ask = (query: unknown, overrides?: object): Promise<unknown> =>
  createEnsemble({ models }).predict(query as Query, overrides as PredictOverrides as never);

/** The faults of a wrong input, whether it is refused at once or by the promise. */
const faultsOf = async (act: () => unknown): Promise<readonly string[]> => {
  try {
    await act();
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
};

/**
 * Wrong inputs that users try, each with its whole message: the option, what is expected, what was given, and the likeliest
 * fix.
 */
const wrongInputs: readonly (readonly [what: string, act: () => unknown, message: string])[] = [
  [
    'models that are names',
    () => create({ models: ['openai/gpt-4o'] }),
    "createEnsemble: models[0] must be a model, { id, call }, but got a string of 13 characters; make a model of it, such as openai('…'), or use createAutoEnsemble of crucible-ensemble/auto, which takes names",
  ],
  [
    'one name of a model',
    () => create({ models: 'gpt' }),
    'createEnsemble: option "models" must be an array of models, or a function of the query, but got "gpt"; make a model of it, such as openai(\'…\'), or use createAutoEnsemble of crucible-ensemble/auto, which takes names',
  ],
  [
    'one model that is not in an array',
    () => create({ models: model }),
    'createEnsemble: option "models" must be an array of models, or a function of the query, but got an object; put it into an array',
  ],
  [
    'models that are not there yet',
    () => create({ models: Promise.resolve(models) }),
    'createEnsemble: option "models" must be an array of models, or a function of the query, but got a promise; await it first',
  ],
  [
    'a model that is not there yet',
    () => create({ models: [Promise.resolve(model)] }),
    'createEnsemble: models[0] must be a model, { id, call }, but got a promise; await it first',
  ],
  [
    'a function in the place of a model',
    () => create({ models: [async () => '4'] }),
    "createEnsemble: models[0] must be a model, { id, call }, but got a function; wrap a function of your own: defineModel('id', yours)",
  ],
  [
    'models within models',
    () => create({ models: [models] }),
    'createEnsemble: models[0] must be a model, { id, call }, but got an array of 1; give its models one by one: ...yours',
  ],
  [
    'an ensemble in the place of a model',
    () => create({ models: [createEnsemble({ models })] }),
    "createEnsemble: models[0] must be a model, { id, call }, but got an object; use its asModel('id')",
  ],
  [
    'one model twice',
    () => create({ models: [model, model] }),
    'createEnsemble: option "models" must have each id once, but has "a" more than once; set option "id" of a model, or "samples" for more calls of one',
  ],
  [
    'models in the place of options',
    () => createEnsemble(models as never),
    'createEnsemble: expected an options object, but got an array of 1; did you mean createEnsemble({ models: yours })?',
  ],
  [
    'a store that is an object',
    () => create({ models, cache: { store: {} } }),
    'cache: option "store" must be a store with get(key) and set(key, value, ttlMs), but got an object; pass a Keyv, such as new Keyv(), or leave it out for a store in memory',
  ],
  [
    'a store that is an address',
    () => create({ models, cache: { store: 'redis' } }),
    'cache: option "store" must be a store with get(key) and set(key, value, ttlMs), but got "redis"; pass a Keyv, such as new Keyv(yours), or leave it out for a store in memory',
  ],
  [
    'a store that is a class',
    () => create({ models, cache: { store: class Keyv {} } }),
    'cache: option "store" must be a store with get(key) and set(key, value, ttlMs), but got a function; create one, such as new Keyv()',
  ],
  [
    'a store in the place of options',
    () => create({ models, cache: new Map() }),
    'cache: expected an options object, but got an object; did you mean cache({ store: yours })?',
  ],
  [
    'a cache by a word',
    () => create({ models, cache: 'memory' }),
    'createEnsemble: option "cache" must be true, options of cache, or a policy, but got "memory"; to use its defaults, give true',
  ],
  [
    'a time to live under another name',
    () => create({ models, cache: { ttl: 60 } }),
    'cache: there is no option "ttl"; did you mean "ttlMs"?',
  ],
  [
    'retry() on an array of models',
    () => retry()(models as never),
    'retry: expected a model, { id, call }, but got an array of 1; apply it to each model: models.map(retry())',
  ],
  [
    'retry on a model',
    () => retry(model as never),
    'retry: expected an options object, but got a model; apply what retry() returns, as in models.map(retry())',
  ],
  [
    'retry on an array of models',
    () => retry(models as never),
    'retry: expected an options object, but got models; apply what retry() returns, as in models.map(retry())',
  ],
  [
    'retry, uncalled',
    () => create({ models, retry }),
    'createEnsemble: option "retry" must be options of retry, or a policy, but got the function retry itself; call it: retry(…)',
  ],
  [
    'cache, uncalled',
    () => create({ models, cache }),
    'createEnsemble: option "cache" must be options of cache, or a policy, but got the function cache itself; call it: cache(…)',
  ],
  [
    'a number of attempts',
    () => create({ models, retry: 3 }),
    'createEnsemble: option "retry" must be true, options of retry, or a policy, but got 3; did you mean { maxAttempts: 3 }?',
  ],
  [
    'retries under another name',
    () => create({ models, retry: { retries: 3 } }),
    'retry: there is no option "retries"; did you mean "maxAttempts"?',
  ],
  [
    'a spending cap in the place of a budget',
    () => create({ models, pricing, budget: spendingCap({ maxUsd: 1 }) }),
    'budget: expected an options object, but got a spending cap; did you mean budget({ caps: [yours] })?',
  ],
  [
    'a spending cap that is not in an array',
    () => create({ models, pricing, budget: { caps: spendingCap({ maxUsd: 1 }) } }),
    'budget: option "caps" must be an array of caps, such as spendingCap({ maxUsd: 1 }), but got an object; put it into an array',
  ],
  [
    'a number as a budget',
    () => create({ models, pricing, budget: 5 }),
    'createEnsemble: option "budget" must be options of budget, or a policy, but got 5; did you mean { perPredictionUsd: 5 }?',
  ],
  [
    'a budget without a limit',
    () => budget({ pricing, maxOutputTokens: 9 }),
    'budget: one of "caps" and "perPredictionUsd" must be given, such as { perPredictionUsd: 0.05 }',
  ],
  [
    'a number as a spending cap',
    () => spendingCap(5 as never),
    'spendingCap: expected an options object, but got 5; did you mean spendingCap({ maxUsd: yours })?',
  ],
  [
    'a pricing that is a function',
    () => create({ models, pricing: () => 5 }),
    'createEnsemble: option "pricing" must be a pricing with priceOf and countTokens, such as genaiPrices(), but got a function; wrap it: { priceOf: yours, countTokens }',
  ],
  [
    'a switch in the place of a number of calls',
    () => create({ models, concurrency: true }),
    'createEnsemble: option "concurrency" must be a number of calls, options of concurrency, or a policy, but got true; give the number, such as 4',
  ],
  [
    'a number in the place of options of a policy',
    () => concurrency(4 as never),
    'concurrency: expected an options object, but got 4; did you mean concurrency({ maxConcurrent: yours })?',
  ],
  [
    'a rate under another name',
    () => create({ models, rateLimit: { rpm: 60 } }),
    'rateLimit: there is no option "rpm"; did you mean "requestsPerMinute"?',
  ],
  [
    "a list of members as a fallback's names",
    () => fallback('either', ['gpt'] as never),
    'fallback: option "models[0]" must be a model, { id, call }, but got "gpt"; make a model of it, such as openai(\'…\'), or use createAutoEnsemble of crucible-ensemble/auto, which takes names',
  ],
  [
    'a controller in the place of its signal',
    () => ask('?', { signal: new AbortController() }),
    'predict: option "signal" must be an AbortSignal, but got an object; pass the signal of the AbortController: controller.signal',
  ],
  [
    'a signal in the place of overrides',
    () => ask('?', new AbortController().signal),
    'predict: expected overrides, such as { signal }, but got an AbortSignal; did you mean { signal: yours }?',
  ],
  [
    'a policy as an override',
    () => ask('?', { retry: true }),
    'predict: "retry" is an option of createEnsemble, for all predictions; set it there',
  ],
  [
    'messages that are empty',
    () => ask({ messages: [] }),
    'predict: the query must be a string, or { messages } that end with the question, but got messages that are empty; end them with the question',
  ],
  [
    'a query that is not there yet',
    () => ask(Promise.resolve('?')),
    'predict: the query must be a string, or { messages } that end with the question, but got a promise; await it first',
  ],
  [
    'turns in the place of a query',
    () => ask([{ role: 'user', content: '?' }]),
    'predict: the query must be a string, or { messages } that end with the question, but got an array of 1; did you mean { messages: yours }?',
  ],
  [
    'questions in the place of a query',
    () => ask(['a?', 'b?']),
    'predict: the query must be a string, or { messages } that end with the question, but got an array of 2; ask several questions with predictAll',
  ],
  [
    'a prompt in the place of messages',
    () => ask({ prompt: '?' }),
    'predict: the query must be a string, or { messages } that end with the question, but got an object without messages; give the prompt alone, as a string',
  ],
  [
    'a role of another API',
    () =>
      ask({
        messages: [
          { role: 'developer', content: 'x' },
          { role: 'user', content: '?' },
        ],
      }),
    "predict: messages[0].role must be 'system', 'user', 'assistant' or 'tool', but got a string of 9 characters; instructions have the role 'system'",
  ],
  [
    'a slip in the name of a field',
    () => ask({ sytem: 'x', messages: [{ role: 'user', content: '?' }] }),
    'predict: a query has no field "sytem"; did you mean "system"?',
  ],
  [
    'a normalization with a slip',
    () => create({ models, normalization: 'Numeric' }),
    "createEnsemble: option \"normalization\" must be 'lowercaseTrim', 'numeric', 'boolean', 'json', or a function of the text, but got \"Numeric\"; did you mean 'numeric'?",
  ],
  [
    'a normalization under another name',
    () => create({ models, normalization: 'number' }),
    "createEnsemble: option \"normalization\" must be 'lowercaseTrim', 'numeric', 'boolean', 'json', or a function of the text, but got \"number\"; did you mean 'numeric'?",
  ],
  [
    'a schema that is not wrapped',
    () => create({ models, normalization: z.object({}) }),
    "createEnsemble: option \"normalization\" must be 'lowercaseTrim', 'numeric', 'boolean', 'json', or a function of the text, but got an object; wrap it: schema(yours)",
  ],
  [
    'a JSON Schema that is not wrapped',
    () => create({ models, normalization: { type: 'object' } }),
    "createEnsemble: option \"normalization\" must be 'lowercaseTrim', 'numeric', 'boolean', 'json', or a function of the text, but got an object; wrap it: jsonSchema(yours) of crucible-ensemble/json-schema",
  ],
  [
    'options of an answer that are not wrapped',
    () => create({ models, normalization: ['yes', 'no'] }),
    "createEnsemble: option \"normalization\" must be 'lowercaseTrim', 'numeric', 'boolean', 'json', or a function of the text, but got an array of 2; for one of several answers, wrap it: choice(yours)",
  ],
  [
    'a JSON Schema in schema()',
    () => schema({ type: 'object' } as never),
    'schema: expected a schema that implements Standard Schema v1, such as one of zod 4, but got an object; for a JSON Schema use jsonSchema(yours) of crucible-ensemble/json-schema',
  ],
  [
    'an execution, uncalled',
    () => create({ models, execution: hedged }),
    "createEnsemble: option \"execution\" must be 'parallel', 'sequential', 'hedged', 'cascade', or { schedule, earlyStop }, such as parallel() or { schedule: yours }, but got a function; call it: hedged()",
  ],
  [
    'an execution with a slip',
    () => create({ models, execution: 'paralel' }),
    "createEnsemble: option \"execution\" must be 'parallel', 'sequential', 'hedged', 'cascade', or { schedule, earlyStop }, such as parallel() or { schedule: yours }, but got \"paralel\"; did you mean 'parallel'?",
  ],
  [
    'a strategy as an execution',
    () => create({ models, execution: 'majority' }),
    "createEnsemble: option \"execution\" must be 'parallel', 'sequential', 'hedged', 'cascade', or { schedule, earlyStop }, such as parallel() or { schedule: yours }, but got \"majority\"; that is a strategy: set \"strategy\"",
  ],
  [
    'a schedule that is not wrapped',
    () => create({ models, execution: (calls: readonly unknown[]) => calls }),
    "createEnsemble: option \"execution\" must be 'parallel', 'sequential', 'hedged', 'cascade', or { schedule, earlyStop }, such as parallel() or { schedule: yours }, but got a function; wrap it: { schedule: yours }",
  ],
  [
    'a strategy, uncalled',
    () => create({ models, strategy: majority }),
    "createEnsemble: option \"strategy\" must be 'majority', 'weighted', 'bestConfidence', 'unanimous', a voter, such as majority(), or a function of the votes, but got a function; call it: majority()",
  ],
  [
    'a strategy with a slip',
    () => create({ models, strategy: 'majorty' }),
    "createEnsemble: option \"strategy\" must be 'majority', 'weighted', 'bestConfidence', 'unanimous', a voter, such as majority(), or a function of the votes, but got \"majorty\"; did you mean 'majority'?",
  ],
  [
    'an execution as a strategy',
    () => create({ models, strategy: parallel() }),
    "createEnsemble: option \"strategy\" must be 'majority', 'weighted', 'bestConfidence', 'unanimous', a voter, such as majority(), or a function of the votes, but got an object; that is an execution: set \"execution\"",
  ],
  [
    'an early stop that is switched on',
    () => create({ models, earlyStop: true }),
    "createEnsemble: option \"earlyStop\" must be 'decided', a share from 0 to 1, a stop rule such as decided(), or false, but got true; did you mean 'decided'?",
  ],
  [
    'a percentage in the place of a share',
    () => create({ models, earlyStop: 80 }),
    'createEnsemble: option "earlyStop" must be \'decided\', a share from 0 to 1, a stop rule such as decided(), or false, but got 80; for 80 %, give 0.8',
  ],
  [
    'a stop rule, uncalled',
    () => create({ models, earlyStop: decided }),
    'createEnsemble: option "earlyStop" must be \'decided\', a share from 0 to 1, a stop rule such as decided(), or false, but got a function; call it: decided()',
  ],
  [
    'a number in quotation marks',
    () => create({ models, timeoutMs: '5000' }),
    'createEnsemble: option "timeoutMs" must be a number of milliseconds above 0 up to 2147483647, or Infinity, but got "5000"; leave out the quotation marks',
  ],
  [
    'a time limit under another name',
    () => create({ models, timeout: 5000 }),
    'createEnsemble: there is no option "timeout"; did you mean "timeoutMs"?',
  ],
  [
    'more votes than there are calls',
    () => create({ models, minResponses: 5 }),
    'createEnsemble: option "minResponses" must be at most the calls of the panel, 1, but got 5; lower it, or add models or "samples"',
  ],
  [
    'samples under another name',
    () => create({ models, n: 5 }),
    'createEnsemble: there is no option "n"; did you mean "samples"?',
  ],
  [
    'an option of a model on the ensemble',
    () => create({ models, temperature: 0.2 }),
    'createEnsemble: there is no option "temperature"; give it to each model, such as openai(\'…\', { temperature })',
  ],
  [
    'a key on the ensemble',
    () => create({ models, apiKey: 'x' }),
    'createEnsemble: there is no option "apiKey"; give it to each model, such as openai(\'…\', { apiKey })',
  ],
  [
    'a percentage as a threshold',
    () => cascade({ confidenceThreshold: 90 }),
    'cascade: option "confidenceThreshold" must be a number from 0 to 1, but got 90; for 90 %, give 0.9',
  ],
  [
    'a delay in the place of options',
    () => hedged(500 as never),
    'hedged: expected an options object, but got 500; did you mean hedged({ hedgeDelayMs: yours })?',
  ],
  [
    'one question for many',
    () => createEnsemble({ models }).predictAll('?'),
    'predictAll: expected an iterable of queries, but got "?"; use predict for one question',
  ],
  [
    'questions that are not there yet',
    () => createEnsemble({ models }).predictAll(Promise.resolve(['?']) as never),
    'predictAll: expected an iterable of queries, but got a promise; await it first',
  ],
  [
    'an address with its endpoint',
    () => openaiCompatible('m', { baseURL: 'http://localhost:8000/v1/chat/completions' }),
    'openaiCompatible: option "baseURL" must be the address before the endpoint, but got one that ends in "/chat/completions"; leave that out, because it is added',
  ],
  [
    'an address of Anthropic with its endpoint',
    () => anthropic('m', { apiKey: 'k', baseURL: 'https://x.example/v1/messages' }),
    'anthropic: option "baseURL" must be the address before the endpoint, but got one that ends in "/messages"; leave that out, because it is added',
  ],
  [
    'a key after Bearer',
    () => openai('m', { apiKey: 'Bearer abcdefgh' }),
    'openai: option "apiKey" must be the key alone, but got one after "Bearer"; leave that word out, because it is added',
  ],
  [
    'a key after Bearer for another server',
    () => openaiCompatible('m', { baseURL: 'http://x.example/v1', apiKey: 'Bearer abcdefgh' }),
    'openaiCompatible: option "apiKey" must be the key alone, but got one after "Bearer"; leave that word out, because it is added',
  ],
  [
    'a key in quotation marks',
    () => openai('m', { apiKey: '"abcdefgh"' }),
    'openai: option "apiKey" must be the key alone, but got one within quotation marks; leave them out',
  ],
  [
    'a key with a line break',
    () => anthropic('m', { apiKey: 'abcdefgh\n' }),
    'anthropic: option "apiKey" must be the key alone, but got one with blanks or a line break around it; trim it',
  ],
  [
    'the name of a variable as a key',
    () => openai('m', { apiKey: '$OPENAI_API_KEY' }),
    'openai: option "apiKey" must be the key alone, but got one that names a variable; pass its value, such as process.env.OPENAI_API_KEY',
  ],
  [
    "an option of a model under its provider's name",
    () => openai('m', { apiKey: 'k', max_tokens: 5 } as never),
    'openai: there is no option "max_tokens"; did you mean "maxOutputTokens"?',
  ],
  [
    'no base URL',
    () => openaiCompatible('m', {}),
    'openaiCompatible: there is no base URL: pass option "baseURL", such as http://localhost:8000/v1, or "preset"',
  ],
];

describe('a wrong input', () => {
  it.each(wrongInputs)('is refused with its likeliest fix: %s', async (_what, act, message) => {
    expect(await faultsOf(act)).toStrictEqual([message]);
    // What is wrong, and after it what to do.
    expect(message).toMatch(
      /(?:but got|there is no|has no|is missing|must|is an option of).*(?:; |\?$|such as)/,
    );
  });

  it('that is a factory of normalizers is named in the reason of each abstention', async () => {
    const { outcomes } = await createEnsemble({ models, normalization: choice as never })
      .predict('?')
      .catch((error: NoPredictionError) => error);
    expect(outcomes[0]).toMatchObject({
      status: 'abstained',
      reason: 'choice threw ConfigError: it creates a normalizer: call it, and pass the result',
    });
  });
});
