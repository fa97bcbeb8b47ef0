import type { Aim } from '../../src/experiment/experiment.ts';
import {
  type AimPromise,
  type Baseline,
  type Beside,
  type Figure,
  FOLDS,
  figures,
  type Kept,
} from './promises.ts';

/** Means over the splits of what is promised and delivered, and how often the one lies within the interval of the other. */
export interface KeptRecord {
  readonly expected: number;
  readonly low: number;
  readonly high: number;
  readonly delivered: number;
  /** The splits whose figure, over all questions, lies within the interval. */
  readonly splitsWithin: number;
  /** The single folds whose figure lies within the interval, with their sampling error added. */
  readonly foldsWithin: number;
}

/** The right answers of tuned panels and of their baselines, as means of the splits. */
export interface BesideRecord extends Readonly<Record<Baseline | 'tuned', number>> {
  /**
   * The standard error of the difference between the tuned panels and the better baseline in one split, in right answers. All
   * splits are of the same questions, so more of them do not lower it.
   */
  readonly standardError: number;
}

/** The promises of one aim on one recording. */
export interface PromiseRow {
  readonly recording: string;
  readonly questions: number;
  readonly aim: Aim;
  readonly figures: Readonly<Partial<Record<Figure, KeptRecord>>>;
  /** Only if accuracy is maximized. */
  readonly beside?: BesideRecord;
}

/** The promises of tuned panels, as they are recorded. */
export interface PromiseRecord {
  readonly splits: number;
  readonly rows: readonly PromiseRow[];
}

const rounded = (value: number): number => Number(value.toPrecision(5));

const keptRecord = (kept: readonly Kept[]): KeptRecord => {
  const mean = (of: (one: Kept) => number): number =>
    rounded(kept.reduce((sum, one) => sum + of(one), 0) / kept.length);
  return {
    expected: mean(({ expected }) => expected.value),
    low: mean(({ expected }) => expected.low),
    high: mean(({ expected }) => expected.high),
    delivered: mean(({ delivered }) => delivered),
    splitsWithin: kept.filter(({ isWithin }) => isWithin).length,
    foldsWithin: kept.reduce((sum, { foldsWithin }) => sum + foldsWithin, 0),
  };
};

const betterBaseline = ({ bestSingle, plurality }: Readonly<Record<Baseline, number>>): Baseline =>
  bestSingle >= plurality ? 'bestSingle' : 'plurality';

const besideRecord = (beside: readonly Beside[], splits: number): BesideRecord => {
  const mean = (of: (one: Beside) => number): number =>
    beside.reduce((sum, one) => sum + of(one), 0) / splits;
  const right = {
    tuned: rounded(mean(({ tuned }) => tuned)),
    bestSingle: rounded(mean(({ bestSingle }) => bestSingle)),
    plurality: rounded(mean(({ plurality }) => plurality)),
  };
  const better = betterBaseline(right);
  const variance =
    mean(({ differing }) => differing[better]) - (right.tuned - right[better]) ** 2 / beside.length;
  return { ...right, standardError: rounded(Math.sqrt(variance)) };
};

/** Summarizes promises over their splits. */
export const toPromiseRecord = (promises: readonly AimPromise[]): PromiseRecord => ({
  splits: promises[0]?.splits.length ?? 0,
  rows: promises.map(({ recording, questions, aim, splits, beside }) => ({
    recording,
    questions,
    aim,
    figures: Object.fromEntries(
      figures.flatMap((figure) => {
        const kept = splits.flatMap((split) => split[figure] ?? []);
        return kept.length === 0 ? [] : [[figure, keptRecord(kept)]];
      }),
    ),
    ...(beside.length > 0 && { beside: besideRecord(beside, splits.length) }),
  })),
});

/** How often what is delivered lies within the interval of what is promised. */
export interface WithinShares {
  /** Over all questions of a split, without its sampling error. */
  readonly pooled: number;
  /** In a single fold, with its sampling error. */
  readonly folds: number;
}

/** Returns these shares for each figure, and for all of them together. */
export const sharesOf = ({
  splits,
  rows,
}: PromiseRecord): Readonly<Record<Figure | 'together', WithinShares>> => {
  const shareOf = (kept: readonly KeptRecord[]): WithinShares => ({
    pooled: kept.reduce((sum, { splitsWithin }) => sum + splitsWithin, 0) / (kept.length * splits),
    folds: kept.reduce((sum, { foldsWithin }) => sum + foldsWithin, 0) / (kept.length * splits * FOLDS),
  });
  const keptOf = (figure: Figure): KeptRecord[] => rows.flatMap((row) => row.figures[figure] ?? []);
  const shares = figures.map((figure) => [figure, shareOf(keptOf(figure))] as const);
  return {
    ...(Object.fromEntries(shares) as Record<Figure, WithinShares>),
    together: shareOf(figures.flatMap(keptOf)),
  };
};

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const dollars = (usd: number): string => `$${usd.toFixed(4)}`;
const shown: Readonly<Record<Figure, (value: number) => string>> = {
  accuracy: percent,
  precision: percent,
  coverage: percent,
  calls: (calls) => calls.toFixed(2),
  costUsd: dollars,
};

/** The names of recordings in tables. */
export const recordingNames: Readonly<Record<string, string>> = {
  'gsm8k-zeroeval-8peers': 'school sums',
  'farel-8models': 'family relations',
  'mmlu-pro-9models-2k': 'MMLU-Pro',
  'prime-llmdrift-4models': 'primes',
};

const describeAim = (aim: Aim): string =>
  'minimize' in aim
    ? `${100 * aim.minAccuracy} % for least`
    : aim.maximize === 'accuracy'
      ? 'most accurate'
      : `most answers, ${100 * aim.minPrecision} % right`;

const cellOf = (figure: Figure, kept: KeptRecord | undefined): string => {
  if (kept === undefined) return '–';
  const { expected, low, high, delivered } = kept;
  const show = shown[figure];
  return `${show(expected)} (${show(low).replace(' %', '')}–${show(high).replace(' %', '')}) · **${show(delivered)}**`;
};

/** The table of what is expected, with its interval, and delivered. */
export const promiseTable = ({ rows }: PromiseRecord): readonly string[] => [
  '| recording | aim | accuracy | precision | coverage | calls | USD |',
  '|---|---|---|---|---|---|---|',
  ...rows.map(({ recording, aim, figures: kept }) => {
    const cells = figures.map((figure) => cellOf(figure, kept[figure]));
    return `| ${recordingNames[recording] ?? recording} | ${describeAim(aim)} | ${cells.join(' | ')} |`;
  }),
];

const figureNames: Readonly<Record<Figure | 'together', string>> = {
  accuracy: 'accuracy',
  precision: 'precision',
  coverage: 'coverage',
  calls: 'calls',
  costUsd: 'USD',
  together: 'together',
};

/** The table of how often what is delivered lies within the interval. */
export const withinTable = (record: PromiseRecord): readonly string[] => {
  const shares = Object.entries(sharesOf(record));
  const cells = (of: (shares: WithinShares) => number): string =>
    shares.map(([, share]) => percent(of(share))).join(' | ');
  const names = shares.map(([name]) => figureNames[name as Figure | 'together']);
  return [
    `| delivered within the interval, in ${record.splits} splits | ${names.join(' | ')} |`,
    `|---|${shares.map(() => '---').join('|')}|`,
    `| all questions of a split | ${cells(({ pooled }) => pooled)} |`,
    `| a single part, with its sampling error | ${cells(({ folds }) => folds)} |`,
  ];
};

const baselineNames: Readonly<Record<Baseline, string>> = {
  bestSingle: 'the best single model',
  plurality: 'plurality',
};

/** Says whether tuned panels do better than the better baseline, beyond two standard errors. */
const verdictOf = (beside: BesideRecord): string => {
  const better = betterBaseline(beside);
  const difference = beside.tuned - beside[better];
  const name = baselineNames[better];
  if (Math.abs(difference) <= 2 * beside.standardError) return `level with ${name}`;
  return `${difference > 0 ? 'better' : 'worse'} than ${name}`;
};

/** The recordings on which tuned panels do worse than the better baseline, beyond two standard errors. */
export const belowBaseline = ({ rows }: PromiseRecord): readonly string[] =>
  rows.flatMap(({ recording, beside }) =>
    beside !== undefined && verdictOf(beside).startsWith('worse')
      ? [recordingNames[recording] ?? recording]
      : [],
  );

/** The table of the right answers of tuned panels and of their baselines to the same questions. */
export const besideTable = ({ splits, rows }: PromiseRecord): readonly string[] => [
  `| ${splits} splits | questions | tuned | best single model | plurality | tuned less the better one | tuned is |`,
  '|---|---|---|---|---|---|---|',
  ...rows.flatMap(({ recording, questions, beside }) => {
    if (beside === undefined) return [];
    const { tuned, bestSingle, plurality, standardError } = beside;
    const difference = tuned - beside[betterBaseline(beside)];
    const shown = `${difference < 0 ? '−' : '+'}${Math.abs(difference).toFixed(1)} ± ${standardError.toFixed(1)}`;
    const counts = [tuned, bestSingle, plurality].map((right) => right.toFixed(1));
    return [
      `| ${recordingNames[recording] ?? recording} | ${questions} | ${counts.join(' | ')} | ${shown} | ${verdictOf(beside)} |`,
    ];
  }),
];

/** All tables and a verdict, for a terminal. */
export const promiseLines = (record: PromiseRecord): readonly string[] => {
  const below = belowBaseline(record);
  return [
    ...promiseTable(record),
    '',
    ...withinTable(record),
    '',
    ...besideTable(record),
    '',
    below.length === 0
      ? 'On no recording are tuned panels worse than the better baseline by more than two standard errors.'
      : `Tuned panels are worse than the better baseline on: ${below.join(', ')}.`,
  ];
};
