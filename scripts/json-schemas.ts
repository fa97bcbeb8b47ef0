import { catalog, shortNames } from '../src/catalog/models.ts';
import { factories, fieldGroupings, fileNames, ruleNames } from '../src/cli/ensemble-file/factories.ts';
import { serverLimits } from '../src/cli/server-file/load-server.ts';
import { reasoningEfforts } from '../src/domain/reasoning-effort.ts';
import { namedNormalizers } from '../src/normalizers/normalizers.ts';
import { executions, strategies } from '../src/strategies/named-strategies.ts';
import { fieldRuleNames } from '../src/strategies/voting/fields/field-rule.ts';

/** A JSON Schema. */
type Schema = Readonly<Record<string, unknown>>;

const flag: Schema = { type: 'boolean' };
const word: Schema = { type: 'string', minLength: 1 };
const share: Schema = { type: 'number', minimum: 0, maximum: 1 };
const amount: Schema = { type: 'number', minimum: 0 };
const ms: Schema = { type: 'number', minimum: 0, maximum: 2_147_483_647 };
const limitMs: Schema = { type: 'number', exclusiveMinimum: 0, maximum: 2_147_483_647 };
const count: Schema = { type: 'integer', minimum: 1 };
const record = (values: Schema): Schema => ({ type: 'object', additionalProperties: values });

/** An object with these properties and no others. */
const object = (properties: Readonly<Record<string, Schema>>, ...required: readonly string[]): Schema => ({
  type: 'object',
  properties,
  ...(required.length > 0 && { required }),
  additionalProperties: false,
});

const fieldRule: Schema = { $ref: '#/$defs/fieldRule' };

/** The options of the functions that a file names. A function without options is written by its name. */
export const functionOptions: Readonly<Record<string, Readonly<Record<string, Schema>>>> = {
  execution: {
    parallel: object({}),
    sequential: object({ minConsensus: share }),
    hedged: object({
      hedgeDelayMs: ms,
      delay: object({
        percentile: { type: 'number', minimum: 1, maximum: 99.9 },
        warmUpCalls: count,
        minMs: ms,
        halfLifeCalls: count,
      }),
      maxExtraRatio: share,
      on: { enum: ['completion', 'firstToken'] },
      maxHedges: { type: 'integer', minimum: 0 },
    }),
    cascade: object({ confidenceThreshold: share, minResponses: count }),
  },
  strategy: {
    majority: object({}),
    weighted: object({ weights: record(amount) }),
    bestConfidence: object({}),
    unanimous: object({ of: { enum: ['panel', 'votes'] } }),
    confidenceWeighted: object({ temperature: { type: 'number', exclusiveMinimum: 0 } }),
    logOdds: object({ accuracies: record(share), choices: { type: 'integer', minimum: 2 } }, 'accuracies'),
    toolVote: object({ noCallQuorum: count, takeLarger: { type: 'boolean' } }),
    median: object({ within: { type: 'number', minimum: 0 } }),
    trimmedMean: object({
      within: { type: 'number', minimum: 0 },
      trim: { type: 'number', minimum: 0, exclusiveMaximum: 0.5 },
    }),
    setVote: object({ min: { type: 'number', exclusiveMinimum: 0, maximum: 1 } }),
    rankedChoice: object({ method: { enum: ['condorcet', 'borda', 'instantRunoff'] } }),
    fieldwise: record(fieldRule),
    rowwise: object(
      {
        key: { anyOf: [word, { type: 'array', items: word, minItems: 1 }] },
        fields: record(fieldRule),
        min: { type: 'number', exclusiveMinimum: 0, maximum: 1 },
      },
      'key',
    ),
  },
  normalization: {
    choice: { type: 'array', items: word, minItems: 1, uniqueItems: true },
    jsonSchema: { type: 'object', description: 'The JSON Schema of the answer, which goes to the provider' },
    text: object({
      case: { enum: ['keep', 'fold'] },
      blanks: { enum: ['keep', 'collapse'] },
      empty: { enum: ['answer', 'abstain'] },
      refusals: { enum: ['keep', 'abstain'] },
    }),
    math: object({
      digits: { type: 'integer', minimum: 1, maximum: 9 },
      percent: { enum: ['drop', 'divide'] },
      units: { enum: ['drop', 'keep'] },
    }),
    toolCalls: object({ fold: { type: 'boolean' }, dates: { type: 'boolean' } }),
  },
  earlyStop: {
    adaptive: object({ threshold: share }),
    confident: share,
    consensus: share,
  },
};

const memberSchema: Schema = { $ref: '#/$defs/member' };
const ruleOf = (option: string): Schema => ({
  anyOf: [
    { const: 'never' },
    ...Object.entries(functionOptions[option] ?? {}).map(([name, options]) =>
      object({ [name]: options }, name),
    ),
  ],
});
const unless = ruleOf('earlyStop');
const seed: Schema = { type: ['number', 'string'] };

/** The scale of a jury. */
const juryScale: Schema = {
  anyOf: [
    { const: 'pairwise' },
    object({ labels: { type: 'array', items: word, minItems: 2, uniqueItems: true } }, 'labels'),
    object(
      {
        from: { type: 'number' },
        to: { type: 'number' },
        by: { enum: ['median', 'trimmedMean'] },
        trim: { type: 'number', minimum: 0, exclusiveMaximum: 0.5 },
        within: amount,
      },
      'from',
      'to',
    ),
  ],
};

/** Which verdicts of a jury are marked for a person. */
const reviewSchema: Schema = {
  ...object({ withoutVerdict: { type: 'boolean' }, spread: share, threshold: share }),
  description: 'Marks verdicts for a person: `{}` those that are missing, and grades half of the scale apart',
};

/** The options of a jury that a decider and a scorer have. */
const juryOptions: Readonly<Record<string, Schema>> = {
  members: { type: 'array', items: memberSchema, minItems: 1 },
  scale: juryScale,
  rubric: word,
  review: reviewSchema,
};

/** The options of the functions of `grouping` and `decide`. */
export const lastStepOptions: Readonly<Record<string, Readonly<Record<string, Schema>>>> = {
  grouping: {
    byContent: object({}),
    byEquivalence: object({ judge: memberSchema, maxPairs: count, concurrency: count }, 'judge'),
    bySimilarity: object({ threshold: share }),
    byTolerance: amount,
  },
  decide: {
    judge: object(
      { model: memberSchema, rubric: word, pick: { enum: ['best', 'mostConsistent'] }, unless, seed },
      'model',
    ),
    jury: object({ ...juryOptions, unless }, 'members'),
    fuse: object({ model: memberSchema, unless, seed }, 'model'),
    council: object({
      rankers: { type: 'array', items: memberSchema, minItems: 1 },
      chairman: memberSchema,
      method: { enum: ['condorcet', 'borda', 'instantRunoff'] },
      unless,
      seed,
    }),
    debate: object({ rounds: count, unless }),
  },
};

/** A name of a function that needs no options, or `{ name: options }`. */
const lastStepSchema = (option: string): Schema => ({
  anyOf: Object.entries(lastStepOptions[option] ?? {}).flatMap(([name, options]) => [
    ...(options.type === 'object' && options.required === undefined ? [{ const: name }] : []),
    object({ [name]: options }, name),
  ]),
});

/** A name, or `{ name: options }`. */
const functionSchema = (option: string, names: readonly string[], ...others: readonly Schema[]): Schema => ({
  anyOf: [
    { enum: names },
    ...others,
    ...Object.keys(factories[option] ?? {}).map((name) => {
      const options = functionOptions[option]?.[name] ?? {};
      return object({ [name]: options }, name);
    }),
  ],
});

/** The rule of a field: a name, a strategy or a grouping with options. */
const fieldRuleSchema: Schema = {
  anyOf: [
    { enum: [...new Set([...fieldRuleNames, ...Object.keys(ruleNames)])] },
    ...Object.keys(factories.strategy ?? {}).map((name) =>
      object({ [name]: functionOptions.strategy?.[name] ?? {} }, name),
    ),
    ...Object.keys(fieldGroupings).map((name) =>
      object({ [name]: lastStepOptions.grouping?.[name] ?? {} }, name),
    ),
  ],
};

/** How answers are read. */
const normalizationSchema = functionSchema('normalization', [
  ...Object.keys(namedNormalizers),
  ...Object.keys(fileNames.normalization ?? {}),
]);

const rates = {
  inputPerMillionUsd: amount,
  outputPerMillionUsd: amount,
  cachedInputPerMillionUsd: amount,
  cacheWritePerMillionUsd: amount,
};

/** The options of a model by name. */
export const memberProperties: Readonly<Record<string, Schema>> = {
  model: { ...word, description: 'A name, such as openai/gpt-6-luna, ollama/llama3.2 or one of "names"' },
  id: { ...word, description: 'The name of the model in votes, weights and costs' },
  apiKey: { ...word, description: 'The key; better in the environment than in a file' },
  baseURL: { ...word, description: "The server of the model, with OpenAI's protocol" },
  confidence: { enum: ['stated', 'logprobs'] },
  price: object(
    {
      ...rates,
      longInput: object(
        { ...rates, aboveTokens: amount },
        'inputPerMillionUsd',
        'outputPerMillionUsd',
        'aboveTokens',
      ),
      tiers: {
        type: 'object',
        additionalProperties: object(rates, 'inputPerMillionUsd', 'outputPerMillionUsd'),
      },
      from: { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\d$' },
    },
    'inputPerMillionUsd',
    'outputPerMillionUsd',
  ),
  settings: object({
    maxOutputTokens: count,
    api: { enum: ['chat', 'responses'] },
    temperature: { type: 'number', minimum: 0, maximum: 2 },
    reasoningEffort: { enum: ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] },
    effort: { enum: ['low', 'medium', 'high', 'xhigh', 'max'] },
    generationConfig: { type: 'object' },
    parameters: { type: 'object' },
    answerFormat: { enum: ['json_schema', 'json_object', 'none'] },
    finish: { enum: ['required', 'optional'] },
    maxResponseBytes: count,
    resource: word,
    deployment: word,
    apiVersion: word,
  }),
};

const longTail = object({ medianMs: limitMs, p99Ms: limitMs }, 'medianMs', 'p99Ms');

const simulatedModel = object(
  {
    id: word,
    accuracy: share,
    latencyMs: { anyOf: [ms, longTail] },
    confidence: share,
    failureRate: share,
    costUsd: amount,
    seed: { type: ['number', 'string'] },
    answer: { type: 'string' },
  },
  'id',
);

const member: Schema = {
  anyOf: [
    {
      ...word,
      examples: [
        ...Object.keys(shortNames),
        ...catalog.map(({ provider, modelId }) => `${provider}/${modelId}`),
      ],
    },
    object(memberProperties, 'model'),
    object({ simulated: simulatedModel }, 'simulated'),
    object({ recorded: word }, 'recorded'),
  ],
};

const penalty: Schema = { type: 'number', minimum: -2, maximum: 2 };

const policy = (options: Readonly<Record<string, Schema>>): Schema => ({ anyOf: [flag, object(options)] });

/** How models write their answers. */
const settingsSchema: Schema = {
  ...object({
    maxOutputTokens: count,
    temperature: { type: 'number', minimum: 0, maximum: 2 },
    topP: share,
    topK: count,
    presencePenalty: penalty,
    frequencyPenalty: penalty,
    stopSequences: { type: 'array', items: word },
    seed: { type: 'integer' },
    reasoningEffort: { enum: Object.keys(reasoningEfforts) },
  }),
  description: 'Settings of the models, such as temperature',
};

/** What files have in place of options that a tuned panel decides. */
const panel: Schema = { ...word, description: 'The file of a panel that tune wrote' };

/** The options of an ensemble that apply to one prediction too, and so to a condition of an experiment. */
const predictionProperties: Readonly<Record<string, Schema>> = {
  name: { ...word, description: 'The name of the ensemble in its events' },
  models: {
    type: 'array',
    items: { $ref: '#/$defs/member' },
    minItems: 1,
    description: 'The models of the panel',
  },
  execution: functionSchema('execution', Object.keys(executions)),
  strategy: functionSchema('strategy', [
    ...Object.keys(strategies),
    ...Object.keys(fileNames.strategy ?? {}),
  ]),
  normalization: normalizationSchema,
  grouping: { ...lastStepSchema('grouping'), description: 'Which answers are the same vote' },
  decide: {
    ...lastStepSchema('decide'),
    description: 'What has the last word if the votes do not decide',
  },
  earlyStop: functionSchema('earlyStop', ['decided'], share, { const: false }),
  timeoutMs: { ...limitMs, description: 'The time limit of each attempt of a call' },
  deadlineMs: { ...limitMs, description: 'The time limit of a prediction' },
  minResponses: { ...count, description: 'The minimum number of votes of a prediction' },
  samples: { ...count, description: 'The number of calls to each model' },
  system: { type: 'string', description: 'Instructions for the models' },
  settings: settingsSchema,
  maxRequestBytes: { ...count, description: 'The maximum size of a query with its files, in bytes' },
  acceptUnfinished: flag,
  debug: flag,
  telemetryMetadata: { type: 'object' },
};

const budgetProperties: Readonly<Record<string, Schema>> = {
  maxUsd: { type: 'number', exclusiveMinimum: 0 },
  windowMs: limitMs,
  perPredictionUsd: { type: 'number', exclusiveMinimum: 0 },
  maxOutputTokens: count,
  onUnknownPrice: { enum: ['refuse', 'allow'] },
  serverErrors: { enum: ['most', 'free'] },
  cancelledCalls: { enum: ['most', 'estimate'] },
};

/** The policies of an ensemble. */
const policyProperties: Readonly<Record<string, Schema>> = {
  retry: policy({ maxAttempts: count, baseDelayMs: ms, maxDelayMs: ms, tellReason: flag }),
  circuitBreaker: policy({ failureRatio: share, minimumCalls: count, windowMs: limitMs, breakMs: limitMs }),
  concurrency: {
    anyOf: [
      count,
      object({ maxConcurrent: count, maxQueued: { type: 'integer', minimum: 0 } }, 'maxConcurrent'),
    ],
  },
  rateLimit: {
    anyOf: [
      flag,
      { type: 'number', exclusiveMinimum: 0 },
      object({
        requestsPerMinute: amount,
        tokensPerMinute: amount,
        burst: share,
        maxQueued: { type: 'integer', minimum: 0 },
      }),
    ],
  },
  cache: policy({ ttlMs: count, keepUnusable: flag }),
  budget: object(budgetProperties),
};

/** What a condition has beside the options of an ensemble. */
const conditionProperties: Readonly<Record<string, Schema>> = {
  ...predictionProperties,
  panel,
  prompt: {
    type: 'string',
    pattern: '\\{\\{',
    description: 'The prompt, with fields of the dataset, such as "Question: {{question}}"',
  },
};

const { panel: ___, ...matrixProperties } = conditionProperties;
const { concurrency, cache: _, ...sharedPolicies } = policyProperties;
const { perPredictionUsd: __, ...runBudget } = budgetProperties;

/** The policies of an experiment, which all conditions share. */
const experimentPolicies: Readonly<Record<string, Schema>> = {
  ...sharedPolicies,
  budget: object(runBudget),
  providerConcurrency: concurrency as Schema,
};

const { normalization: ____, grouping: ______, decide: _______, ...judgedProperties } = predictionProperties;
const { cache: _____, ...judgePolicies } = policyProperties;

/** The ensemble of a judge, and what it judges by. */
const judgeProperties: Readonly<Record<string, Schema>> = {
  ...judgedProperties,
  ...judgePolicies,
  rubric: {
    ...word,
    description: 'What makes an answer right, if not that it means the same as the right one',
  },
};

const names: Schema = { ...record({ $ref: '#/$defs/member' }), description: 'Your own names for models' };

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

/** The schema of a file with an ensemble. */
export const ensembleSchema: Schema = {
  $schema: DIALECT,
  title: 'An ensemble of crucible-ensemble',
  ...object({ $schema: word, names, ...predictionProperties, ...policyProperties, panel }),
  $defs: { member, fieldRule: fieldRuleSchema },
};

/** The schema of a file with an experiment. */
export const experimentSchema: Schema = {
  $schema: DIALECT,
  title: 'An experiment of crucible-ensemble',
  ...object(
    {
      $schema: word,
      dataset: {
        anyOf: [
          word,
          object(
            {
              path: word,
              format: { enum: ['jsonl', 'json', 'csv', 'tsv'] },
              delimiter: { type: 'string', minLength: 1 },
              idField: word,
              questionField: word,
              expectedField: word,
              fileFields: { type: 'array', items: word, uniqueItems: true },
              allowOutside: { type: 'boolean' },
            },
            'path',
          ),
        ],
      },
      journal: { ...word, description: 'The file that records the calls' },
      names,
      models: {
        anyOf: [{ const: 'recorded' }, { type: 'array', items: { $ref: '#/$defs/member' }, minItems: 1 }],
      },
      conditions: { type: 'object', additionalProperties: { $ref: '#/$defs/condition' } },
      matrix: {
        type: 'object',
        properties: Object.fromEntries(
          Object.entries(matrixProperties).map(([option, schema]) => [
            option,
            { type: 'array', items: schema, minItems: 1 },
          ]),
        ),
        additionalProperties: false,
      },
      prompt: conditionProperties.prompt as Schema,
      scorer: {
        anyOf: [
          { enum: ['exact', 'sameSet', 'none'] },
          object({ exact: object({ as: normalizationSchema }) }, 'exact'),
          object({ sameSet: { type: 'object' } }, 'sameSet'),
          object({ within: object({ relative: amount, absolute: amount }) }, 'within'),
          object({ judge: { anyOf: [word, { $ref: '#/$defs/judge' }] } }, 'judge'),
          object({ jury: { $ref: '#/$defs/jury' } }, 'jury'),
          object({ matching: { type: 'object', properties: { pattern: { type: 'string' } } } }, 'matching'),
        ],
      },
      concurrency: count,
      sample: object({ size: count, seed: { type: ['number', 'string'] } }, 'size'),
      timeoutMs: limitMs,
      ...experimentPolicies,
    },
    'dataset',
  ),
  $defs: {
    member,
    fieldRule: fieldRuleSchema,
    condition: object(conditionProperties),
    judge: object(judgeProperties, 'models'),
    jury: object({ ...judgePolicies, ...juryOptions }, 'members'),
  },
};

const alertProperties: Readonly<Record<string, Schema>> = { ensemble: word, last: count };

/** What a key of a server has. */
const keySchema: Schema = {
  ...object(
    {
      name: word,
      keyEnv: { ...word, description: 'The environment variable that has the key' },
      sha256: { type: 'string', pattern: '^[0-9a-fA-F]{64}$' },
      ensembles: { type: 'array', items: word },
      budget: object(
        { maxUsd: { type: 'number', exclusiveMinimum: 0 }, per: { enum: ['day', 'month'] }, timeZone: word },
        'maxUsd',
      ),
      rateLimit: object({ requests: count, perMs: { type: 'number', exclusiveMinimum: 0 } }, 'requests'),
    },
    'name',
  ),
  oneOf: [{ required: ['keyEnv'] }, { required: ['sha256'] }],
};

const limitSchemas = Object.fromEntries(
  serverLimits.map((name): [string, Schema] => {
    if (name.endsWith('Ms')) return [name, limitMs];
    return [name, name === 'maxQueued' ? { type: 'integer', minimum: 0 } : count];
  }),
);

/** The schema of the configuration of a server. */
export const serverSchema: Schema = {
  $schema: DIALECT,
  title: 'A server of crucible-ensemble',
  ...object(
    {
      $schema: word,
      names,
      ensembles: { ...record({ $ref: '#/$defs/ensemble' }), minProperties: 1 },
      keys: { type: 'array', items: keySchema, minItems: 1 },
      spendFile: { ...word, description: 'The file that keeps what each key has spent' },
      host: word,
      port: { type: 'integer', minimum: 0, maximum: 65_535 },
      origins: {
        type: 'array',
        items: word,
        description: 'The origins of pages that may ask from a browser, such as https://app.example.com',
      },
      page: {
        anyOf: [
          flag,
          object({
            history: { type: 'integer', minimum: 0, maximum: 1_000 },
            content: flag,
            operators: { type: 'array', items: word },
          }),
        ],
      },
      alerts: {
        type: 'array',
        items: {
          anyOf: [
            object({ lowConsensus: share, ...alertProperties }, 'lowConsensus'),
            object({ failingMember: share, ...alertProperties }, 'failingMember'),
            object({ spendUsd: amount, per: { enum: ['day', 'month'] }, key: word }, 'spendUsd'),
          ],
        },
      },
      webhook: word,
      webhookEnv: { ...word, description: 'The environment variable that has the URL of the webhook' },
      choices: {
        type: 'array',
        items: word,
        description: 'The ensembles among whose models a request may choose its panel',
      },
      metrics: { anyOf: [flag, { const: 'public' }] },
      traces: flag,
      ...limitSchemas,
    },
    'ensembles',
  ),
  $defs: {
    member,
    fieldRule: fieldRuleSchema,
    ensemble: object({ ...predictionProperties, ...policyProperties, panel }),
  },
};

const textOf = (schema: Schema): string => `${JSON.stringify(schema, undefined, 2)}\n`;

/** The files of the folder `schema/` by name. */
export const schemaFiles: Readonly<Record<string, string>> = {
  'ensemble.schema.json': textOf(ensembleSchema),
  'experiment.schema.json': textOf(experimentSchema),
  'server.schema.json': textOf(serverSchema),
};
