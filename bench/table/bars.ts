/** A row of the table of speed: a figure, and the bar that it is held to. */
export interface Bar {
  readonly group: string;
  readonly name: string;
  readonly unit: string;
  /** The bar: the most of a figure of which less is better, the least of one of which more is better. */
  readonly bar?: number;
  readonly better: 'less' | 'more';
  /** The figure on commit 5be74ec, before the work on speed. */
  readonly before?: string;
}

/** How a prediction is compared with the same by hand: `floorFull` of `bench/floors.ts`. */
const FULL = '× floorFull';
const FLOOR = '× floor';

/**
 * The rows of the table, in its order. A bench that measures one hands its figures to `report` under the row's key.
 * To add a row, add it here, and add its bench to `plan.ts` unless it is there.
 */
export const bars = {
  predictAlone: {
    group: 'Predictions',
    name: '`predict` by three models, one at a time',
    unit: FULL,
    bar: 1,
    better: 'less',
    before: '2.1',
  },
  predictTogether: {
    group: 'Predictions',
    name: '`predict`, 1,000 at a time',
    unit: FULL,
    bar: 1,
    better: 'less',
    before: '4–5',
  },
  predictSignal: {
    group: 'Predictions',
    name: '`predict` with `signal`',
    unit: FLOOR,
    bar: 4,
    better: 'less',
    before: '9.7',
  },
  predictDeadline: {
    group: 'Predictions',
    name: '`predict` with `deadlineMs`',
    unit: FLOOR,
    bar: 4,
    better: 'less',
    before: '7.8',
  },
  streamAlone: {
    group: 'Predictions',
    name: '`stream`, one at a time',
    unit: FLOOR,
    bar: 4,
    better: 'less',
    before: '14.5',
  },
  streamTogether: {
    group: 'Predictions',
    name: '`stream`, 1,000 at a time',
    unit: FLOOR,
    bar: 4,
    better: 'less',
    before: '22–29',
  },
  instructionsPredict: {
    group: 'Predictions',
    name: '`predict` by three models, counted by Callgrind',
    unit: 'instructions',
    better: 'less',
    before: '57,707',
  },
  instructionsStream: {
    group: 'Predictions',
    name: '`stream` by three models, counted by Callgrind',
    unit: 'instructions',
    better: 'less',
    before: '148,463',
  },
  predictAll: {
    group: 'Predictions',
    name: '`predictAll`, questions a second, compared with a pool of `predict`',
    unit: '× pool',
    bar: 0.9,
    better: 'more',
    before: '0.2',
  },
  predictionBytes: {
    group: 'Memory',
    name: 'a prediction by three models',
    unit: 'B',
    bar: 6000,
    better: 'less',
    before: '19,100',
  },
  callBytesInPanel: {
    group: 'Memory',
    name: 'a call in flight, in a panel of three',
    unit: 'B',
    bar: 1024,
    better: 'less',
    before: '3,276',
  },
  callBytesSingle: {
    group: 'Memory',
    name: 'a call in flight, in a panel of one',
    unit: 'B',
    bar: 1536,
    better: 'less',
    before: '3,891',
  },
  millionCalls: {
    group: 'Memory',
    name: '1,000,000 calls in flight, in panels of three',
    unit: 'GiB',
    bar: 1,
    better: 'less',
    before: '3.06',
  },
  cacheHit: {
    group: 'Policies and prices',
    name: 'a prediction from the cache',
    unit: '× uncached',
    bar: 3,
    better: 'less',
    before: '21',
  },
  genaiPrices: {
    group: 'Policies and prices',
    name: '`genaiPrices()`, a call',
    unit: 'µs',
    bar: 1,
    better: 'less',
    before: '13',
  },
  rescoreOne: {
    group: 'Experiments',
    name: '`rescore`, one condition',
    unit: 'trials/CPU s',
    bar: 50_000,
    better: 'more',
    before: '10,000–12,000',
  },
  rescoreFour: {
    group: 'Experiments',
    name: '`rescore`, four conditions',
    unit: 'trials/CPU s',
    bar: 80_000,
    better: 'more',
    before: '12,000–17,000',
  },
  rescoreBlock: {
    group: 'Experiments',
    name: '`rescore`, four conditions: the longest block of the event loop, in CPU time',
    unit: 'ms',
    bar: 20,
    better: 'less',
    before: 'the whole run',
  },
  tuneSeconds: {
    group: 'Experiments',
    name: '`tune`, 5,000 questions, 9 models',
    unit: 's',
    bar: 4,
    better: 'less',
    before: '15.6',
  },
  tuneBlock: {
    group: 'Experiments',
    name: '`tune`, 5,000 questions, 9 models: the longest block of the event loop',
    unit: 'ms',
    bar: 20,
    better: 'less',
    before: '15,600',
  },
  pairedDifference: {
    group: 'Experiments',
    name: '`pairedDifference`, 10,000 distinct values',
    unit: 's',
    bar: 0.1,
    better: 'less',
    before: '3.3',
  },
  numericAnswer: {
    group: 'Reading answers',
    name: '`numeric`, an answer of 110 characters',
    unit: 'ns',
    bar: 200,
    better: 'less',
    before: '663',
  },
  hostileAnswer: {
    group: 'Reading answers',
    name: 'the worst of 64 KB, any normalizer',
    unit: 'ms',
    bar: 5,
    better: 'less',
    before: '12.5',
  },
  openaiCompatible: {
    group: 'HTTP and start',
    name: '`openaiCompatible`, a call on the loopback',
    unit: '× undici.request',
    bar: 1.2,
    better: 'less',
    before: '1.36',
  },
  help: {
    group: 'HTTP and start',
    name: '`crucible-ensemble --help`, from start to end',
    unit: 's',
    bar: 0.2,
    better: 'less',
    before: '0.75',
  },
  import: {
    group: 'HTTP and start',
    name: "`import 'crucible-ensemble'`, CPU time besides that of rxjs",
    unit: 'ms',
    bar: 40,
    better: 'less',
    before: '156',
  },
  langchain: {
    group: 'Peers',
    name: 'LangChain `RunnableMap` with three `FakeListChatModel`',
    unit: '× predict',
    bar: 6,
    better: 'more',
    before: '3.0',
  },
  aiSdk: {
    group: 'Peers',
    name: 'AI SDK `generateText`, three times, with `MockLanguageModel`',
    unit: '× predict',
    bar: 35,
    better: 'more',
    before: '17',
  },
  effect: {
    group: 'Peers',
    name: '`Effect.all` with timeouts, interruption and timing',
    unit: '× predict',
    bar: 4.5,
    better: 'more',
    before: '2.4',
  },
  effectPlain: {
    group: 'Peers',
    name: '`Effect.all`, no features',
    unit: '× predict',
    better: 'more',
  },
  textbook: {
    group: 'Peers',
    name: 'textbook RxJS, no features',
    unit: '× predict',
    better: 'more',
  },
  promisePool: {
    group: 'Peers',
    name: '`p-limit` and a `Map`, no features',
    unit: '× predict',
    better: 'more',
  },
} as const satisfies Readonly<Record<string, Bar>>;

/** The key of a row. */
export type RowName = keyof typeof bars;
