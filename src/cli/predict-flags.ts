import { Option } from 'commander';
import type { NormalizerName } from '../normalizers/normalizers.ts';
import { between, delayMs, limitMs, oneOf, suchThat, wholeNumber } from '../options.ts';
import type { ExecutionName, StrategyName } from '../strategies/named-strategies.ts';
import { choice, type Flags, flagFaults, flagOf, isValid, number, text, toggle } from './flags.ts';
import { isAssignment } from './provider-settings.ts';

const strategies = ['majority', 'weighted', 'bestConfidence', 'unanimous'] as const satisfies StrategyName[];
const executions = ['parallel', 'sequential', 'hedged', 'cascade'] as const satisfies ExecutionName[];
const normalizations = ['lowercaseTrim', 'numeric', 'boolean', 'json'] as const satisfies NormalizerName[];

/** The values of the flags of `predict`, by the names of their options. */
export interface PredictFlags {
  readonly strategy?: (typeof strategies)[number];
  readonly execution?: (typeof executions)[number];
  readonly normalization?: (typeof normalizations)[number];
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
  readonly concurrency?: number;
  readonly replay?: string;
  readonly withLatency?: boolean;
  readonly simulate?: number;
  readonly seed?: string;
  readonly json?: boolean;
}

const MAX_PANEL = 100;
const panelSize = suchThat(
  `a whole number from 1 to ${MAX_PANEL}`,
  (value) => wholeNumber(1)(value) === undefined && (value as number) <= MAX_PANEL,
);

/** The flags of `predict`. */
export const predictFlags: Flags<PredictFlags> = {
  strategy: choice(
    '-s, --strategy <name>',
    'how votes are counted (default: majority; bestConfidence for cascade)',
    strategies,
  ),
  execution: choice('-e, --execution <name>', 'how calls are scheduled (default: parallel)', executions),
  normalization: choice(
    '-n, --normalization <name>',
    'how the answer is extracted from a response (default: lowercaseTrim)',
    normalizations,
  ),
  choices: text('--choices <list>', 'the possible answers, such as A,B,C,D'),
  timeoutMs: number('--timeout-ms <ms>', 'time limit of each attempt of a call (default: 60000)', limitMs),
  deadlineMs: number('--deadline-ms <ms>', 'time limit of the prediction (default: none)', limitMs),
  minResponses: number(
    '--min-responses <n>',
    'fewest votes for a prediction (default: by execution)',
    wholeNumber(1),
  ),
  earlyStop: number(
    '--early-stop <when>',
    'stop when an answer has this share of the panel, 0..1, or when "decided" (default: off)',
    oneOf(['decided'], 'or a share from 0 to 1', (value) => between(0, 1)(value) === undefined),
  ),
  minConsensus: number(
    '--min-consensus <share>',
    'sequential: stop at this consensus, 0..1 (default: 0.7)',
    between(0, 1),
  ),
  hedgeDelayMs: number(
    '--hedge-delay-ms <ms>',
    'hedged: delay before the next model is called too (default: 1000)',
    delayMs,
  ),
  maxHedges: number(
    '--max-hedges <n>',
    'hedged: most models called in addition to the first (default: 2)',
    wholeNumber(0),
  ),
  confidenceThreshold: number(
    '--confidence-threshold <p>',
    'cascade: stop at this confidence, 0..1 (default: 0.9)',
    between(0, 1),
  ),
  system: text('--system <text>', 'instructions for the models'),
  samples: number('--samples <n>', 'ask each model this often (default: 1)', wholeNumber(1)),
  maxUsd: number(
    '--max-usd <usd>',
    'spend no more than this: calls that could cost more are not made',
    suchThat('a number of USD above 0', (value) => typeof value === 'number' && value > 0),
  ),
  ensemble: text(
    '--ensemble <file>',
    'a JSON or YAML file that describes the ensemble; other options override it',
  ),
  models: text('-m, --models <list>', 'models to call, such as openai/gpt-6-luna,ollama/llama3.2'),
  baseUrl: text('--base-url <url>', "a server with OpenAI's protocol that has these models"),
  apiKeyEnv: text('--api-key-env <variable>', 'the environment variable with the key for --base-url'),
  providerOption: {
    // Collects values by itself: a variadic option would take the question for another value.
    option: new Option(
      '--provider-option <key=value>',
      'a setting of the models, such as temperature=0; may be repeated',
    ).argParser((value: string, before: readonly string[] = []) => [...before, value]),
    check: suchThat('key=value, such as temperature=0', isAssignment),
  },
  input: text(
    '--input <file>',
    'ask every question of a file: .txt with a question a line, .jsonl, .json, .csv, .tsv',
  ),
  lines: toggle('--lines', 'ask every line of standard input'),
  concurrency: number(
    '--concurrency <n>',
    'with --input or --lines: questions at a time (default: 10)',
    wholeNumber(1),
  ),
  replay: text('--replay <file>', 'take the answers from a recording: JSON Lines, or gzipped (.gz)'),
  withLatency: toggle('--with-latency', 'replay: answer as slowly as recorded'),
  simulate: number(
    '--simulate <n>',
    'ask this many simulated models, which can only do arithmetic',
    panelSize,
  ),
  seed: text('--seed <text>', 'random seed of the simulated models (default: 0)'),
  json: toggle('--json', 'print the prediction as JSON; of many questions, a line for each'),
};

/** Flags that work only with another flag. */
const requirements = [
  ['minConsensus', '--execution sequential', ({ execution }) => execution === 'sequential'],
  ['hedgeDelayMs', '--execution hedged', ({ execution }) => execution === 'hedged'],
  ['maxHedges', '--execution hedged', ({ execution }) => execution === 'hedged'],
  ['confidenceThreshold', '--execution cascade', ({ execution }) => execution === 'cascade'],
  ['baseUrl', '--models', ({ models }) => models !== undefined],
  ['apiKeyEnv', '--base-url', ({ baseUrl }) => baseUrl !== undefined],
  ['concurrency', '--input or --lines', ({ input, lines }) => input !== undefined || lines === true],
  ['withLatency', '--replay', ({ replay }) => replay !== undefined],
  ['seed', '--simulate', ({ simulate }) => simulate !== undefined],
] as const satisfies readonly (readonly [keyof PredictFlags, string, (flags: PredictFlags) => boolean])[];

/** Flags that exclude each other. */
const conflicts = [
  ['choices', 'normalization'],
  ['models', 'replay'],
  ['simulate', 'models'],
  ['simulate', 'replay'],
  ['simulate', 'providerOption'],
  ['replay', 'providerOption'],
  ['input', 'lines'],
  ['simulate', 'maxUsd', 'simulated models send nothing that is paid'],
  ['replay', 'maxUsd', 'a recording sends nothing that is paid'],
] as const satisfies readonly (readonly [keyof PredictFlags, keyof PredictFlags, reason?: string])[];

/** The flags with valid values, and the faults of the others. */
export interface ParsedFlags {
  readonly flags: PredictFlags;
  readonly faults: readonly string[];
}

/** Checks the values of flags, and that they go together. */
export const parsePredictFlags = (values: PredictFlags): ParsedFlags => {
  const valid = Object.fromEntries(
    Object.entries(values).filter(([name, value]) =>
      isValid(predictFlags[name as keyof PredictFlags], value),
    ),
  ) as PredictFlags;
  // If the execution is misspelt, its requirements are unknown.
  const isExecutionValid = values.execution === valid.execution;
  return {
    flags: valid,
    faults: [
      ...flagFaults(values, predictFlags),
      ...requirements
        .filter(([name, , isMet]) => values[name] !== undefined && isExecutionValid && !isMet(values))
        .map(([name, needed]) => `${flagOf(name)} needs ${needed}`),
      ...conflicts
        .filter(([one, other]) => values[one] !== undefined && values[other] !== undefined)
        .map(
          ([one, other, reason]) =>
            `${flagOf(one)} and ${flagOf(other)} exclude each other${reason === undefined ? '' : `, because ${reason}`}; remove one`,
        ),
    ],
  };
};
