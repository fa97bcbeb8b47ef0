import { Option } from 'commander';
import type { NormalizerName } from '../normalizers/normalizers.ts';
import {
  between,
  bound,
  type Check,
  delayMs,
  limitMs,
  nonEmpty,
  ofType,
  oneOf,
  wholeNumber,
} from '../options.ts';
import type { ExecutionName, StrategyName } from '../strategies/named-strategies.ts';

const strategies = ['majority', 'weighted', 'bestConfidence', 'unanimous'] as const satisfies StrategyName[];
const executions = ['parallel', 'sequential', 'hedged', 'cascade'] as const satisfies ExecutionName[];
const normalizations = ['lowercaseTrim', 'numeric', 'boolean', 'json'] as const satisfies NormalizerName[];

/** The values of the flags of `predict`, by the names of the options they stand for. */
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
  readonly models?: string;
  readonly replay?: string;
  readonly withLatency?: boolean;
  readonly simulate?: number;
  readonly seed?: string;
  readonly json?: boolean;
}

/** One flag: how it is written and explained, how its text is read, and what its value must be. */
export interface PredictFlag {
  readonly option: Option;
  readonly read: (text: string) => unknown;
  readonly check: Check;
}

/** A text that is no number stays one, so that a complaint can quote it. */
const toNumber = (text: string): unknown => {
  const number = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isNaN(number) ? text : number;
};
const asIs = (text: string): unknown => text;

const choice = (flags: string, description: string, names: readonly string[]): PredictFlag => ({
  option: new Option(flags, description).choices(names).argParser(String),
  read: asIs,
  check: (value) =>
    (names as readonly unknown[]).includes(value) ? undefined : `one of ${names.join(', ')}`,
});
const number = (flags: string, description: string, check: Check): PredictFlag => ({
  option: new Option(flags, description),
  read: toNumber,
  check,
});
const text = (flags: string, description: string, check: Check = nonEmpty): PredictFlag => ({
  option: new Option(flags, description),
  read: asIs,
  check,
});

const MAX_PANEL = 100;
const panelSize: Check = (value) =>
  bound(1)(value) === undefined && (value as number) <= MAX_PANEL
    ? undefined
    : `a whole number from 1 to ${MAX_PANEL}`;

/** Every flag of `predict`, by the name of its option; the flag is that name in kebab case. */
export const predictFlags: Readonly<Record<keyof PredictFlags, PredictFlag>> = {
  strategy: choice('-s, --strategy <name>', 'how the votes are counted (default: majority)', strategies),
  execution: choice('-e, --execution <name>', 'how the models are asked (default: parallel)', executions),
  normalization: choice(
    '-n, --normalization <name>',
    'how an answer is read out of a text (default: lowercaseTrim)',
    normalizations,
  ),
  choices: text('--choices <list>', 'answers are one of these, such as A,B,C,D'),
  timeoutMs: number('--timeout-ms <ms>', 'how long each call may take (default: 5000)', limitMs),
  deadlineMs: number('--deadline-ms <ms>', 'how long all of it may take (default: no limit)', limitMs),
  minResponses: number(
    '--min-responses <n>',
    'the votes below which there is no prediction (default: by execution)',
    wholeNumber(1),
  ),
  earlyStop: number(
    '--early-stop <when>',
    'stop at a share of the panel, 0..1, or once "decided" (default: off)',
    oneOf(['decided'], 'or a share from 0 to 1', (value) => between(0, 1)(value) === undefined),
  ),
  minConsensus: number(
    '--min-consensus <share>',
    'sequential: the agreement that ends it, 0..1 (default: 0.7)',
    between(0, 1),
  ),
  hedgeDelayMs: number(
    '--hedge-delay-ms <ms>',
    'hedged: when the next model is asked as well (default: 1000)',
    delayMs,
  ),
  maxHedges: number(
    '--max-hedges <n>',
    'hedged: how many models besides the first (default: 2)',
    wholeNumber(0),
  ),
  confidenceThreshold: number(
    '--confidence-threshold <p>',
    'cascade: the confidence that ends it, 0..1 (default: 0.9)',
    between(0, 1),
  ),
  models: text('-m, --models <list>', 'who answers, such as openai/gpt-6-luna,ollama/llama3.2'),
  replay: text('--replay <file>', 'the models of a recording answer: JSON Lines, also .gz'),
  withLatency: {
    option: new Option('--with-latency', 'replay: answers take as long as they took then'),
    read: asIs,
    check: ofType('boolean'),
  },
  simulate: number('--simulate <n>', 'how many simulated models answer (default: 3)', panelSize),
  seed: text('--seed <text>', 'makes another simulated panel (default: 0)'),
  json: {
    option: new Option('--json', 'print the prediction as one JSON document'),
    read: asIs,
    check: ofType('boolean'),
  },
};
