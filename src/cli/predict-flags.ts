import type { NormalizerName } from '../normalizers/normalizers.ts';
import type { ExecutionName, StrategyName } from '../strategies/named-strategies.ts';
import type { Flags } from './flags.ts';

const strategies = ['majority', 'weighted', 'bestConfidence', 'unanimous'] as const satisfies StrategyName[];
const executions = ['parallel', 'sequential', 'hedged', 'cascade'] as const satisfies ExecutionName[];
const normalizations = ['lowercaseTrim', 'numeric', 'boolean', 'json', 'math'] as const satisfies (
  | NormalizerName
  | 'math'
)[];

const groupings = ['byContent', 'bySimilarity'] as const;

/** The values of the flags of `predict`, by the names of their options. */
export interface PredictFlags {
  readonly strategy?: (typeof strategies)[number];
  readonly execution?: (typeof executions)[number];
  readonly normalization?: (typeof normalizations)[number];
  readonly grouping?: (typeof groupings)[number];
  readonly choices?: string;
  readonly timeoutMs?: number;
  readonly deadlineMs?: number;
  readonly minResponses?: number;
  readonly earlyStop?: number | 'decided';
  readonly minConsensus?: number;
  readonly hedgeDelayMs?: number;
  readonly maxHedges?: number;
  readonly confidenceThreshold?: number;
  readonly ensemble?: string;
  readonly models?: string;
  readonly baseUrl?: string;
  readonly apiKeyEnv?: string;
  readonly providerOption?: readonly string[];
  readonly system?: string;
  readonly samples?: number;
  readonly maxUsd?: number;
  readonly input?: string;
  readonly lines?: boolean;
  readonly questionField?: string;
  readonly fileField?: readonly string[];
  readonly allowOutside?: boolean;
  readonly file?: readonly string[];
  readonly concurrency?: number;
  readonly replay?: string;
  readonly withLatency?: boolean;
  readonly simulate?: number;
  readonly seed?: string;
  readonly json?: boolean;
}

/** The flags of `predict`. */
export const predictFlags: Flags<PredictFlags> = {
  strategy: {
    short: 's',
    value: '<name>',
    names: strategies,
    description: 'how votes are counted (default: majority; bestConfidence for cascade)',
  },
  execution: {
    short: 'e',
    value: '<name>',
    names: executions,
    description: 'how calls are scheduled (default: parallel)',
  },
  normalization: {
    short: 'n',
    value: '<name>',
    names: normalizations,
    description: 'how the answer is extracted from a response (default: lowercaseTrim)',
  },
  grouping: {
    value: '<name>',
    names: groupings,
    description: 'which answers are the same vote: byContent for answers in prose (default: equal ones)',
  },
  choices: { value: '<list>', description: 'the possible answers, such as A,B,C,D' },
  timeoutMs: {
    value: '<ms>',
    isNumber: true,
    description: 'time limit of each attempt of a call (default: 60000)',
  },
  deadlineMs: { value: '<ms>', isNumber: true, description: 'time limit of the prediction (default: none)' },
  minResponses: {
    value: '<n>',
    isNumber: true,
    description: 'minimum number of votes for a prediction (default: by execution)',
  },
  earlyStop: {
    value: '<when>',
    isNumber: true,
    description: 'stop when an answer has this share of the panel, 0..1, or when "decided" (default: off)',
  },
  minConsensus: {
    value: '<share>',
    isNumber: true,
    description: 'sequential: stop at this consensus, 0..1 (default: 0.7)',
  },
  hedgeDelayMs: {
    value: '<ms>',
    isNumber: true,
    description: 'hedged: delay before the next model is called too (default: 1000)',
  },
  maxHedges: {
    value: '<n>',
    isNumber: true,
    description: 'hedged: maximum number of models called after the first (default: 2)',
  },
  confidenceThreshold: {
    value: '<p>',
    isNumber: true,
    description: 'cascade: stop at this confidence, 0..1 (default: 0.9)',
  },
  system: { value: '<text>', description: 'instructions for the models' },
  samples: { value: '<n>', isNumber: true, description: 'number of calls to each model (default: 1)' },
  maxUsd: {
    value: '<usd>',
    isNumber: true,
    description: 'spend at most this: calls that could exceed it are not made',
  },
  ensemble: {
    value: '<file>',
    completes: 'files',
    description: 'a JSON or YAML file that describes the ensemble; other options override it',
  },
  models: {
    short: 'm',
    value: '<list>',
    completes: 'models',
    description: 'models to call, such as openai/gpt-6-luna,ollama/llama3.2',
  },
  baseUrl: { value: '<url>', description: "a server with OpenAI's protocol that has these models" },
  apiKeyEnv: { value: '<variable>', description: 'the environment variable with the key for --base-url' },
  providerOption: {
    value: '<key=value>',
    repeats: 'again',
    description: 'a setting of the models, such as temperature=0; may be repeated',
  },
  input: {
    value: '<file>',
    completes: 'files',
    description: 'ask every question of a file: .txt with a question a line, .jsonl, .json, .csv, .tsv',
  },
  lines: { description: 'ask every line of standard input' },
  questionField: { value: '<name>', description: 'input: the field of the question (default: question)' },
  fileField: {
    value: '<name>',
    repeats: 'again',
    description: 'input: a field that names files of the question; may be repeated',
  },
  allowOutside: { description: 'input: these files may be outside of the folder of the input' },
  file: {
    value: '<path>',
    repeats: 'again',
    completes: 'files',
    description: 'an image, a PDF or another file for the question; may be repeated',
  },
  concurrency: {
    value: '<n>',
    isNumber: true,
    description: 'with --input or --lines: questions at a time (default: 10)',
  },
  replay: {
    value: '<file>',
    completes: 'files',
    description: 'take the answers from a recording: JSON Lines, or gzipped (.gz)',
  },
  withLatency: { description: 'replay: answer with the recorded latency' },
  simulate: {
    value: '<n>',
    isNumber: true,
    description: 'ask this many simulated models, which can only do arithmetic',
  },
  seed: { value: '<text>', description: 'random seed of the simulated models (default: 0)' },
  json: { description: 'print the prediction as JSON; of many questions, a line for each' },
};
