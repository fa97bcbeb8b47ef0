import type { JurorGrade, PairGrade } from '../../deciders/jury/jury-verdict.ts';
import { type Grade, type GradeScale, gradeScaleOf, type JuryScale } from '../../deciders/jury/scale.ts';
import { medianOf } from '../../strategies/voting/median.ts';
import { cohenKappa } from '../statistics/cohen-kappa.ts';
import type { Estimate } from '../statistics/interval.ts';
import { mcnemar } from '../statistics/mcnemar.ts';
import { meanInterval } from '../statistics/mean-interval.ts';
import type { Rating } from '../statistics/ratings.ts';
import { shareEstimate } from '../statistics/share-estimate.ts';
import type { Graded } from './grade.ts';

/** The results of a juror. */
export interface JurorReport {
  readonly juror: string;
  /** The number of items that it graded. */
  readonly graded: number;
  /** The number of items that it has no grade for: its call failed, its reply could not be read, or it contradicted itself. */
  readonly missing: number;
  /** The number of pairs for which it chose differently in the other order. */
  readonly contradictions: number;
  /** The share of its grades that stand behind the verdict, where there is one. */
  readonly behindVerdict: Estimate | undefined;
  /**
   * By how much it grades lower than the median of all jurors, on the items that at least three have graded, or both of two:
   * severe above 0, lenient below. In units of the scale; of labels, in scores from 0 to 1. `undefined` for pairs.
   */
  readonly severity: Estimate | undefined;
  /**
   * How far it prefers the answer that stands first, in pairs: 1 if it always chooses the first, -1 if always the second, and 0
   * if the place does not matter.
   */
  readonly positionBias: Estimate | undefined;
  /** The probability of a bias at least this strong by chance: McNemar's exact test, adjusted by Holm for all jurors. */
  readonly positionPValue: number | undefined;
  /** Its grades measured against the labels. */
  readonly againstLabels: AgainstLabels | undefined;
}

/** Grades measured against those of a person. */
export interface AgainstLabels {
  /** The number of items with a grade and a label. */
  readonly items: number;
  /** The share of these items on which they agree: equal, or for numbers, within the scale's `within`. */
  readonly agreement: Estimate | undefined;
  /** Cohen's kappa of the grades and the labels, weighted as in {@link JurorPair}. */
  readonly kappa: number | undefined;
  /** The mean of grade minus label, in the units of `severity`: above 0 if the person is more severe. */
  readonly bias: Estimate | undefined;
}

/** How the grades of a scale are compared. */
export interface ScaleContext extends Pick<GradeScale, 'agrees'> {
  readonly scale: JuryScale;
  readonly weights: 'none' | 'linear' | 'quadratic';
  /** The rating of a grade for statistics: labels are their places. */
  readonly ratingOf: (grade: Grade | undefined) => Rating;
  /** The number of a grade for differences; `undefined` if the scale has none. */
  readonly amountOf: (grade: Grade) => number | undefined;
  /** What is a small difference. */
  readonly unit: number;
}

/** Returns how the grades of a scale are compared. */
export const contextOf = (scale: JuryScale): ScaleContext => {
  const { agrees, scoreOf } = gradeScaleOf(scale);
  const shared = { scale, agrees };
  if (scale === 'pairwise')
    return { ...shared, weights: 'none', ratingOf: (grade) => grade, amountOf: () => undefined, unit: 1 };
  if ('labels' in scale)
    return {
      ...shared,
      weights: 'linear',
      ratingOf: (grade) => (grade === undefined ? undefined : scale.labels.indexOf(String(grade))),
      amountOf: scoreOf,
      unit: 0.05,
    };
  return {
    ...shared,
    weights: 'quadratic',
    ratingOf: (grade) => grade,
    amountOf: Number,
    unit: (scale.to - scale.from) / 20,
  };
};

/** Reports one juror. The p-value is not adjusted for the others. */
export const jurorReport = (
  juror: string,
  all: readonly Graded[],
  grades: readonly (JurorGrade | undefined)[],
  right: readonly (Grade | undefined)[],
  context: ScaleContext & { readonly rows: readonly (readonly Rating[])[]; readonly place: number },
): JurorReport => {
  const present = grades.filter((each) => each !== undefined);
  const graded = present.filter(({ grade }) => grade !== undefined).length;
  const judged = all.flatMap(({ grade: verdict }, index) => {
    const own = grades[index]?.grade;
    return own === undefined || verdict === undefined ? [] : [context.agrees(own, verdict)];
  });
  const places = present.flatMap(({ choices }) => placesOf(choices));
  const onlyFirst = places.filter((place) => place === 1).length;
  const onlySecond = places.filter((place) => place === -1).length;
  return {
    juror,
    graded,
    missing: present.length - graded,
    contradictions: present.filter(({ choices }) => isContradiction(choices)).length,
    behindVerdict: shareEstimate(judged.filter(Boolean).length, judged.length),
    severity: severityOf(all, juror, context),
    positionBias: meanInterval(places),
    positionPValue: places.length === 0 ? undefined : mcnemar(onlyFirst, onlySecond),
    againstLabels: right.every((label) => label === undefined)
      ? undefined
      : againstLabels(
          grades.map((each) => each?.grade),
          right,
          context,
        ),
  };
};

/** By how much a juror grades lower than the median of all, on the items that it and two others have graded. */
const severityOf = (
  all: readonly Graded[],
  juror: string,
  { amountOf }: ScaleContext,
): Estimate | undefined =>
  meanInterval(
    all.flatMap(({ jurors }) => {
      const amounts = new Map(
        jurors.flatMap(({ juror: name, grade }) => {
          const amount = grade === undefined ? undefined : amountOf(grade);
          return amount === undefined ? [] : [[name, amount]];
        }),
      );
      const own = amounts.get(juror);
      // Of two grades, no one can say which is the severe one.
      if (own === undefined || amounts.size < Math.min(3, Math.max(2, jurors.length))) return [];
      return [medianOf([...amounts.values()].sort((a, b) => a - b)) - own];
    }),
  );

const isContradiction = (
  [one, other]: NonNullable<JurorGrade['choices']> = [undefined, undefined],
): boolean => one !== undefined && other !== undefined && one !== other;

/** How far a juror preferred the first place in both orders of a pair: 1, 0.5, 0, -0.5 or -1. Nothing if a choice is missing. */
const placesOf = (choices: JurorGrade['choices']): readonly number[] => {
  const [one, other] = choices ?? [undefined, undefined];
  if (one === undefined || other === undefined) return [];
  const of = (choice: PairGrade, first: PairGrade): number =>
    choice === 'tie' ? 0 : choice === first ? 1 : -1;
  return [(of(one, 'first') + of(other, 'second')) / 2];
};

/** Measures grades against the labels of the same items. */
export const againstLabels = (
  grades: readonly (Grade | undefined)[],
  right: readonly (Grade | undefined)[],
  context: ScaleContext,
): AgainstLabels => {
  const pairs = grades.flatMap((grade, index) => {
    const label = right[index];
    return grade === undefined || label === undefined ? [] : [[grade, label] as const];
  });
  const differences = pairs.flatMap(([grade, label]) => {
    const [own, other] = [context.amountOf(grade), context.amountOf(label)];
    return own === undefined || other === undefined ? [] : [own - other];
  });
  return {
    items: pairs.length,
    agreement: shareEstimate(
      pairs.filter(([grade, label]) => context.agrees(grade, label)).length,
      pairs.length,
    ),
    kappa: cohenKappa(
      pairs.map(([grade, label]) => [context.ratingOf(grade), context.ratingOf(label)] as const),
      { weights: context.weights },
    ),
    bias: meanInterval(differences),
  };
};

/** The share of items without a grade, and the p-value, from which there is a finding. */
const FEW_MISSING = 0.05;
const SIGNIFICANT = 0.05;

/** More than the relative error of a mean, and less than any difference that a reader could see. */
const ROUNDING = 1e-9;

/** What a reader should know of a juror, in sentences. */
export const findingsOf = (
  { juror, graded, missing, contradictions, severity, positionBias, positionPValue = 1 }: JurorReport,
  unit: number,
): readonly string[] => {
  const all = graded + missing;
  const of = (count: number): string => `${count} of ${all} items (${Math.round((100 * count) / all)} %)`;
  const told = ({ value, low, high }: Estimate): string => {
    const [size, ...range] = [value, low, high].map((each) => (value < 0 ? -each : each));
    return `${rounded(size)} ${value > 0 ? 'lower' : 'higher'} than the median of all jurors (${range
      .sort((a, b) => a - b)
      .map(rounded)
      .join(' to ')})`;
  };
  // Means of equal grades differ in their last digits.
  const isSevere =
    severity !== undefined &&
    Math.abs(severity.value) > unit * (1 + ROUNDING) &&
    severity.low * severity.high > 0;
  const unread = missing - contradictions;
  return [
    ...(positionBias !== undefined && positionPValue < SIGNIFICANT
      ? [
          `${juror} prefers the answer that stands ${positionBias.value > 0 ? 'first' : 'second'}: it contradicted itself on ${of(contradictions)}`,
        ]
      : contradictions > FEW_MISSING * all
        ? [`${juror} contradicted itself on ${of(contradictions)}`]
        : []),
    ...(isSevere ? [`${juror} grades ${told(severity)}`] : []),
    ...(unread > FEW_MISSING * all ? [`${juror} has no readable grade for ${of(unread)}`] : []),
  ];
};

const rounded = (value: number | undefined): string => String(Number((value ?? 0).toPrecision(2)));
