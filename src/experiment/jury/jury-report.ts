import type { PairGrade } from '../../deciders/jury/jury-verdict.ts';
import { type Grade, gradeScaleOf, levelOf } from '../../deciders/jury/scale.ts';
import { answerKey } from '../../domain/answer-key.ts';
import { sumOf } from '../../domain/cost.ts';
import { isObject } from '../../domain/is-object.ts';
import type { CostSource } from '../../domain/outcome.ts';
import { quotedName } from '../../domain/quoting.ts';
import { anIterable, checked, faultsOf, reading, refuse, required, shown, suchThat } from '../../options.ts';
import { counted } from '../../rendering/amounts.ts';
import { bradleyTerry, type PairResult, type Strength } from '../statistics/bradley-terry.ts';
import { cohenKappa } from '../statistics/cohen-kappa.ts';
import { fleissKappa } from '../statistics/fleiss-kappa.ts';
import { holm } from '../statistics/holm.ts';
import { intraclassCorrelation } from '../statistics/intraclass-correlation.ts';
import { krippendorffAlpha } from '../statistics/krippendorff-alpha.ts';
import type { Trial } from '../trial.ts';
import type { Graded } from './grade.ts';
import {
  type AgainstLabels,
  againstLabels,
  contextOf,
  findingsOf,
  type JurorReport,
  jurorReport,
  type ScaleContext,
} from './juror-report.ts';

/** Options of {@link juryReport}. */
export interface JuryReportOptions {
  /**
   * Grades of a person, by the ids of items, to measure the jury against: labels of your own, or what `readReviews` of
   * `crucible-ensemble/node` returns. A number may be given as a text, and a label in any case. `findings` tells of labels
   * with the id of no item. Default: none.
   */
  readonly labels?: ReadonlyMap<string, Grade>;
}

/** The results of a jury over many items. Intervals are at 95 %. `undefined` stands for what is not known. */
export interface JuryReport {
  /** The number of items, of those with a verdict, and of those that are marked for a review. */
  readonly items: number;
  readonly verdicts: number;
  readonly reviews: number;
  /** The cost of all calls, in USD. */
  readonly costUsd: number | undefined;
  readonly costSource: CostSource;
  /** Krippendorff's alpha of the jurors at this level: `nominal` for pairs, `ordinal` for labels, `interval` for numbers. */
  readonly alpha: number | undefined;
  readonly level: 'nominal' | 'ordinal' | 'interval';
  /** Fleiss' kappa, on the items that all jurors have graded; `undefined` for numbers. */
  readonly fleissKappa: number | undefined;
  /** The intraclass correlation of one juror on these items, for numbers. */
  readonly agreement: number | undefined;
  /** The same if each juror may be as severe as it is. */
  readonly consistency: number | undefined;
  readonly jurors: readonly JurorReport[];
  /** Each two jurors, once. */
  readonly pairs: readonly JurorPair[];
  /** The verdicts measured against the labels. */
  readonly againstLabels: AgainstLabels | undefined;
  /** The competitors, the strongest first; empty unless items of the scale `pairwise` have `competitors`. */
  readonly ranking: readonly Strength[];
  /** What a reader should know of each juror and of the labels, in sentences. */
  readonly findings: readonly string[];
}

/** The agreement of two jurors. */
export interface JurorPair {
  readonly jurors: readonly [string, string];
  /** The number of items that both graded. */
  readonly items: number;
  /** Cohen's kappa; with quadratic weights for numbers, and linear ones for labels. */
  readonly kappa: number | undefined;
}

/**
 * Reports how far the jurors of a jury agree, and what is wrong with each of them: severity, a preference for a place,
 * contradictions, missing grades. With `labels` of a person, it says how far the jury and each juror agree with them. Do that
 * before you trust a jury: jurors that agree may be wrong together.
 *
 * Makes no calls.
 *
 * @param verdicts those of one jury, of `grade` or `gradeAll`, or of an experiment by {@link gradedIn}.
 *
 * @throws {ConfigError} for verdicts on different scales, and for labels that are not on the scale.
 *
 * @example
 * ```ts
 * import { defineModel } from 'crucible-ensemble';
 * import { gradeAll, jury, juryReport } from 'crucible-ensemble/experiment';
 *
 * // Grades an answer by its number, and takes something off.
 * const juror = (id: string, severity: number) =>
 *   defineModel(id, (text) => JSON.stringify({ grade: Number(/\n(\d)\n<\/answer/.exec(text)?.[1]) - severity }));
 * const panel = jury({ members: [juror('a', 0), juror('b', 0), juror('severe', 2)], scale: { from: 0, to: 9 } });
 * const items = Array.from({ length: 40 }, (_, n) => ({ id: `${n}`, question: 'How good is it?', answer: `${2 + (n % 8)}` }));
 * const report = juryReport(await Array.fromAsync(gradeAll(panel, items)));
 * report.jurors.map(({ severity }) => severity?.value); // => [0, 0, 2]
 * report.consistency?.toFixed(3); // => '1.000'
 * report.findings; // => ['severe grades 2 lower than the median of all jurors (2 to 2)']
 * ```
 */
export const juryReport = (verdicts: Iterable<Graded>, options: JuryReportOptions = {}): JuryReport =>
  reading('juryReport', () => {
    refuse(faultsOf('juryReport', { verdicts }, { verdicts: required(anIterable) }));
    const { labels } = checked('juryReport', options, {
      labels: suchThat('a Map of grades by the ids of items', (value) => value instanceof Map),
    });
    const all = [...verdicts];
    refuse(verdictFaults(all));
    const scale = all[0]?.scale ?? 'pairwise';
    const context = contextOf(scale);
    const level = levelOf(scale);
    const jurors = [...new Set(all.flatMap((each) => each.jurors.map(({ juror }) => juror)))];
    const byJuror = all.map((each) => new Map(each.jurors.map((grade) => [grade.juror, grade])));
    const rows = byJuror.map((grades) => jurors.map((juror) => context.ratingOf(grades.get(juror)?.grade)));
    const right = all.map(({ item }) => labelOf(labels?.get(item.id), item.id, context));
    const reports = jurors.map((juror, place) =>
      jurorReport(
        juror,
        all,
        byJuror.map((grades) => grades.get(juror)),
        right,
        { ...context, rows, place },
      ),
    );
    const adjusted = [...holm(reports.flatMap(({ positionPValue }) => positionPValue ?? []))];
    const corrected = reports.map((report) =>
      report.positionPValue === undefined ? report : { ...report, positionPValue: adjusted.shift() },
    );
    const isNumeric = level === 'interval';
    return {
      items: all.length,
      verdicts: all.filter((each) => each.grade !== undefined).length,
      reviews: all.filter(({ review }) => review !== undefined).length,
      ...costOf(all),
      alpha: krippendorffAlpha(rows, { level }),
      level,
      fleissKappa: isNumeric ? undefined : fleissKappa(rows),
      agreement: isNumeric ? intraclassCorrelation(rows as number[][]) : undefined,
      consistency: isNumeric ? intraclassCorrelation(rows as number[][], { kind: 'consistency' }) : undefined,
      jurors: corrected,
      pairs: jurors.flatMap((first, place) =>
        jurors.slice(place + 1).map((second, gap) => {
          const pairs = rows.map((row) => [row[place], row[place + 1 + gap]] as const);
          return {
            jurors: [first, second] as const,
            items: pairs.filter((pair) => pair.every((rating) => rating !== undefined)).length,
            kappa: cohenKappa(pairs, { weights: context.weights }),
          };
        }),
      ),
      againstLabels:
        labels &&
        againstLabels(
          all.map((each) => each.grade),
          right,
          context,
        ),
      ranking: bradleyTerry(all.flatMap(resultOf)),
      findings: [
        ...corrected.flatMap((report) => findingsOf(report, context.unit)),
        ...unmatched(all, labels),
      ],
    };
  });

/** Yields the verdicts of the jury that scored an experiment. The id of an item is `question (condition)`. */
export function* gradedIn(trials: Iterable<Trial>): Generator<Graded, undefined> {
  for (const { graded, question, condition } of trials)
    if (graded !== undefined)
      yield { ...graded, item: { ...graded.item, id: `${question.id} (${condition})` } };
}

const verdictFaults = (verdicts: readonly Graded[]): readonly string[] => {
  const odd = verdicts.find((each) => !isObject(each) || !Array.isArray(each.jurors) || !isObject(each.item));
  if (odd !== undefined)
    return [`juryReport: expected verdicts of grade or gradeAll, but got ${shown(odd)}; await them first`];
  return new Set(verdicts.map(({ scale }) => answerKey(scale))).size > 1
    ? ['juryReport: the verdicts are on different scales: report each jury by itself']
    : [];
};

const costOf = (verdicts: readonly Graded[]): Pick<JuryReport, 'costUsd' | 'costSource'> => {
  const { costUsd, costSource } = sumOf(verdicts);
  return { costUsd, costSource };
};

/** Reads a label of a person as a grade of the scale. */
const labelOf = (label: Grade | undefined, id: string, { scale }: ScaleContext): Grade | undefined => {
  if (label === undefined) return undefined;
  const names =
    scale === 'pairwise' ? ['first', 'second', 'tie'] : 'labels' in scale ? scale.labels : undefined;
  const text = String(label).trim();
  const meant =
    names === undefined
      ? text === '' || !Number.isFinite(Number(text))
        ? undefined
        : Number(text)
      : names.find((name) => name.toLowerCase() === text.toLowerCase());
  const isOn = typeof meant !== 'number' || gradeScaleOf(scale).faultOf(meant) === undefined;
  if (meant === undefined || !isOn)
    refuse([
      `juryReport: the label of ${quotedName(id)} must be ${gradeScaleOf(scale).form}, but got ${shown(label)}`,
    ]);
  return meant;
};

/** Tells of labels that belong to no item. */
const unmatched = (
  all: readonly Graded[],
  labels: ReadonlyMap<string, Grade> = new Map(),
): readonly string[] => {
  const ids = new Set(all.map(({ item }) => item.id));
  const left = [...labels.keys()].filter((id) => !ids.has(id));
  return left.length === 0
    ? []
    : [
        `${left.length} of ${counted(labels.size, 'label')} ${left.length === 1 ? 'has' : 'have'} the id of no item, such as ${quotedName(left[0])}`,
      ];
};

const resultOf = ({ item, grade }: Graded): readonly PairResult[] => {
  const [first, second] = item.competitors ?? [];
  return first === undefined || second === undefined || grade === undefined
    ? []
    : [{ first, second, winner: grade as PairGrade }];
};
