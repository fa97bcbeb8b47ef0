import { isObject } from '../../domain/is-object.ts';
import { faultsOf, oneOf, shown, suchThat } from '../../options.ts';
import { medianOf } from '../../strategies/voting/median.ts';
import { trimmedMeanOf, trimSpec } from '../../strategies/voting/trimmed-mean.ts';
import type { ReplySchema } from '../tidied.ts';

/** Grades that are numbers. */
export interface NumberScale {
  /** The worst grade. */
  readonly from: number;
  /** The best grade, above `from`. */
  readonly to: number;
  /** How the grades of the jurors become one. Default `median`. */
  readonly by?: 'median' | 'trimmedMean';
  /** The share of the grades that `trimmedMean` leaves out at each end, from 0 to below 0.5. Default 0.2. */
  readonly trim?: number;
  /**
   * How far from the verdict a grade may be to stand behind it. More than half of the jurors must. Default: a quarter of the
   * scale.
   */
  readonly within?: number;
}

/** Grades that are names. */
export interface LabelScale {
  /** The names, from the worst to the best. */
  readonly labels: readonly string[];
}

/** What the jurors of a jury say: a number, a name, or which of two answers is better. */
export type JuryScale = NumberScale | LabelScale | 'pairwise';

/** A grade: a number, a label, or `first`, `second` or `tie` of a pair. */
export type Grade = number | string;

/** The grades on a scale, and the verdict on them. */
export interface GradeScale {
  /** The JSON Schema of a grade, and the same in words. */
  readonly schema: ReplySchema;
  readonly form: string;
  /** Returns what is wrong with a grade that fits the schema. */
  readonly faultOf: (grade: Grade) => string | undefined;
  /** Returns the part of the way from the worst to the best grade, 0..1. */
  readonly scoreOf: (grade: Grade) => number;
  /** Whether a grade stands behind another one. */
  readonly agrees: (grade: Grade, verdict: Grade) => boolean;
  /** Returns the one grade of several, and how many of them stand behind it. Of no grades, `undefined`. */
  readonly verdictOn: (
    grades: readonly Grade[],
  ) => { readonly grade: Grade; readonly behind: number } | undefined;
}

/** The scale of a scorer that has none. */
export const YES_OR_NO: LabelScale = { labels: ['no', 'yes'] };

/** The grades of a pair, from the worst to the best for its first answer. */
const PAIR_GRADES = ['second', 'tie', 'first'] as const;

const isNumberScale = (scale: JuryScale): scale is NumberScale => isObject(scale) && 'from' in scale;

/** Returns the grades of a scale. Those of `pairwise` say which of two answers is better. */
export const gradeScaleOf = (scale: JuryScale): GradeScale =>
  isNumberScale(scale) ? numberGrades(scale) : labelGrades(scale === 'pairwise' ? PAIR_GRADES : scale.labels);

const numberGrades = ({
  from,
  to,
  by = 'median',
  trim = trimSpec[1],
  within = (to - from) / 4,
}: NumberScale): GradeScale => {
  const centerOf = by === 'median' ? medianOf : trimmedMeanOf(trim);
  // Grades such as 0.1 + 0.2 are as far apart as they are written.
  const reach = within + 1e-9 * (to - from);
  const agrees: GradeScale['agrees'] = (grade, verdict) =>
    Math.abs((grade as number) - (verdict as number)) <= reach;
  return {
    agrees,
    schema: { type: 'number', description: `From ${from}, the worst, to ${to}, the best.` },
    form: `a number from ${from}, the worst, to ${to}, the best`,
    faultOf: (grade) =>
      (grade as number) >= from && (grade as number) <= to
        ? undefined
        : `the grade ${grade} is not from ${from} to ${to}`,
    scoreOf: (grade) => ((grade as number) - from) / (to - from),
    verdictOn(grades) {
      if (grades.length === 0) return undefined;
      const grade = centerOf((grades as readonly number[]).toSorted((a, b) => a - b));
      return { grade, behind: grades.filter((each) => agrees(each, grade)).length };
    },
  };
};

const labelGrades = (labels: readonly string[]): GradeScale => ({
  agrees: (grade, verdict) => grade === verdict,
  schema: { type: 'string', enum: labels },
  form: `one of ${labels.map((label) => JSON.stringify(label)).join(', ')}, from the worst to the best`,
  faultOf: () => undefined,
  scoreOf: (grade) => labels.indexOf(grade as string) / (labels.length - 1),
  verdictOn(grades) {
    const counts = labels.map((label) => grades.filter((grade) => grade === label).length);
    const behind = Math.max(...counts);
    return behind === 0 ? undefined : { grade: labels[counts.indexOf(behind)] as string, behind };
  },
});

/** Returns the level of measurement of a scale, for statistics. */
export const levelOf = (scale: JuryScale): 'nominal' | 'ordinal' | 'interval' =>
  isNumberScale(scale) ? 'interval' : scale === 'pairwise' ? 'nominal' : 'ordinal';

/** Returns what is wrong with a scale. */
export const scaleFaults = (scale: unknown): readonly string[] => {
  if (scale === undefined || scale === 'pairwise') return [];
  if (!isObject(scale)) return [`jury: option "scale" must be ${EXPECTED}, but got ${shown(scale)}`];
  if ('labels' in scale) return faultsOf('jury: scale', scale, { labels: areLabels });
  const faults = faultsOf('jury: scale', scale, {
    from: { required: aNumber },
    to: { required: aNumber },
    by: oneOf(['median', 'trimmedMean'], ''),
    trim: trimSpec[0],
    within: suchThat('a number of at least 0', (value) => Number.isFinite(value) && (value as number) >= 0),
  });
  const { from, to, by, trim } = scale as Partial<NumberScale>;
  return [
    ...faults,
    ...(faults.length === 0 && (from as number) >= (to as number)
      ? [`jury: scale: "to", the best grade, must be above "from", but got ${from} to ${to}`]
      : []),
    ...(faults.length === 0 && trim !== undefined && by !== 'trimmedMean'
      ? ['jury: scale: "trim" has no effect without by: \'trimmedMean\'']
      : []),
  ];
};

const EXPECTED = "{ from, to }, { labels }, or 'pairwise'";

const aNumber = suchThat('a finite number', (value) => Number.isFinite(value));

const areLabels = suchThat(
  'an array of at least two different texts, from the worst to the best',
  (value) =>
    Array.isArray(value) &&
    value.length > 1 &&
    value.every((label) => typeof label === 'string' && label.trim() !== '') &&
    new Set(value.map((label: string) => label.toLowerCase())).size === value.length,
);
