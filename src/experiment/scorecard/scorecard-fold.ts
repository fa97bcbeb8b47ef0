import { mostOf } from '../../domain/cost.ts';
import { ConfigError } from '../../domain/errors.ts';
import { NoPredictionError } from '../../domain/no-prediction.ts';
import type { Prediction } from '../../domain/prediction.ts';
import { quotedName } from '../../domain/quoting.ts';
import { isNormalization, type Normalization, normalizerOf } from '../../normalizers/normalizers.ts';
import { type Completed, checked, ofType, reading, refuse, suchThat, wholeNumber } from '../../options.ts';
import { atOnce } from '../../time/in-slices.ts';
import { isIncomplete } from '../left-out.ts';
import { holm } from '../statistics/holm.ts';
import { isRight, type Trial } from '../trial.ts';
import { answerReader } from '../tuning/labelled-ballot-votes.ts';
import { conditionFold, type ScoringRules } from './condition-fold.ts';
import { costOfQuestion } from './cost-of-question.ts';
import { type Choice, paretoFront } from './pareto-front.ts';
import { questionLedger } from './question-ledger.ts';
import { ratioOf } from './ratio-of.ts';
import { reviewsFold } from './reviews-fold.ts';
import type { ConditionComparison, ConditionScore, Scorecard } from './scorecard.ts';

/** Options of scorecards. */
export interface ScorecardOptions {
  /**
   * The names of all conditions, in the order of the scorecard. If they are given, a question is released once every
   * condition has a trial of it, so memory does not grow with the dataset; trials of other conditions are rejected.
   * Default: in order of appearance.
   */
  readonly conditions?: readonly string[];
  /** The condition to compare every other one with. Default: every two conditions are compared. */
  readonly baseline?: string;
  /** The confidence of a prediction, 0..1, or `undefined` if it is not known. Default: its `consensus`. */
  readonly confidenceOf?: (prediction: Prediction) => number | undefined;
  /**
   * Normalizes expected strings, to score the calls of single models: as in the conditions. Default `lowercaseTrim`.
   */
  readonly normalization?: Normalization;
  /** The largest number of differing questions, and of reviews, with their answers, from 0. Default 50. */
  readonly maxExamples?: number;
}

/** A scorecard that is updated with each trial and can be read at any time. */
export interface ScorecardFold {
  readonly add: (trial: Trial) => void;
  readonly scorecard: () => Scorecard;
}

/**
 * Collects a scorecard one trial at a time, to show it while trials arrive. {@link scorecard} is built on it.
 * Reading it costs a bootstrap for each pair of conditions.
 *
 * Makes no calls. Memory grows with the number of conditions, models and categories. Unless `conditions` are
 * named, it also grows by some hundred bytes for each question. At most 1000 questions are kept with their
 * answers.
 *
 * @throws {ConfigError} if an option is invalid. `add` throws it for a condition that is not among the named
 *   ones; `scorecard` throws it if the baseline has no trial.
 *
 * @example
 * ```ts
 * import { createEnsemble, simulated } from 'crucible-ensemble';
 * import { scorecardFold } from 'crucible-ensemble/experiment';
 *
 * const fold = scorecardFold({ conditions: ['small'] });
 * const ensemble = createEnsemble({ models: [simulated({ id: 'small', accuracy: 1 })], minResponses: 1 });
 * for (const [id, question, expected] of [['1', 'What is 2 + 2?', '4'], ['2', 'What is 6 * 7?', '42']] as const) {
 *   const result = await ensemble.predict(question);
 *   const score = Number(result.answer === expected);
 *   fold.add({ condition: 'small', question: { id, question, expected }, result, score });
 * }
 * const [small] = fold.scorecard().conditions;
 * small?.accuracy?.value; // => 1
 * small?.accuracy?.low.toFixed(2); // => '0.34'
 * ```
 */
export const scorecardFold = (options: ScorecardOptions = {}): ScorecardFold => {
  const { add, steps } = scorecardInSteps(options);
  return { add, scorecard: () => atOnce(steps()) };
};

/** A {@link ScorecardFold} that is read in steps, between which a caller may pause. */
export interface ScorecardSteps extends Pick<ScorecardFold, 'add'> {
  readonly steps: () => Generator<undefined, Scorecard>;
}

/** As {@link scorecardFold}, in steps. */
export const scorecardInSteps = (options: ScorecardOptions): ScorecardSteps => {
  return reading('scorecardFold', () => {
    const completed = checked('scorecard', options, specs, baselineFaults(options));
    const { conditions: named, baseline, maxExamples } = completed;
    const rules = rulesOf(completed);
    const folds = new Map((named ?? []).map((name) => [name, conditionFold(name, rules)]));
    const places = new Map((named ?? []).map((name, place) => [name, place]));
    const ledger = questionLedger(named && folds.size, maxExamples);
    const marked = reviewsFold(maxExamples);
    let trials = 0;

    const placeOf = (condition: string): number => {
      const known = places.get(condition);
      if (known !== undefined) return known;
      if (named !== undefined) {
        throw new ConfigError([
          `scorecard: a trial has the condition ${quotedName(condition)}, which option "conditions" does not list`,
        ]);
      }
      const place = places.size;
      places.set(condition, place);
      folds.set(condition, conditionFold(condition, rules));
      return place;
    };

    return {
      add(trial) {
        const place = placeOf(trial.condition);
        trials += 1;
        folds.get(trial.condition)?.add(trial);
        ledger.add(place, trial);
        marked.add(trial);
      },
      *steps() {
        const scores: ConditionScore[] = [];
        for (const fold of folds.values()) {
          scores.push(fold.score());
          yield;
        }
        if (baseline !== undefined && !places.has(baseline)) {
          refuse([
            `scorecard: option "baseline" is ${quotedName(baseline)}, but no trial has this condition; the conditions are ${[...places.keys()].map(quotedName).join(', ')}`,
          ]);
        }
        const front = (takes: (score: ConditionScore) => Pick<Choice, 'takes' | 'takesAtMost'>) =>
          paretoFront(
            scores.map((score) => ({
              name: score.condition,
              ...takes(score),
              gives: isIncomplete(score) ? undefined : score.accuracy?.value,
            })),
          );
        return {
          format: 'crucible-ensemble/scorecard',
          version: 2,
          trials,
          conditions: scores,
          comparisons: yield* comparisonsOf(scores, baseline, ledger.comparison),
          differing: ledger.differing((place) => hasAnswered(scores[place])),
          ...marked.reviews(),
          pareto: {
            costAccuracy: front(costToCompare),
            // Recorded answers without a latency take 0 ms, which is not a measurement.
            latencyAccuracy: front(({ stats }) => ({ takes: stats.latencyMs.p50 || undefined })),
          },
        };
      },
    };
  });
};

const specs = {
  conditions: suchThat(
    'an array of different names',
    (value) =>
      Array.isArray(value) &&
      value.every((name) => typeof name === 'string') &&
      new Set(value).size === value.length,
  ),
  baseline: ofType('string'),
  confidenceOf: [ofType('function'), ({ metadata }: Prediction) => metadata.consensus],
  normalization: isNormalization,
  maxExamples: [wholeNumber(0), 50],
} as const;

const baselineFaults = ({ conditions, baseline }: ScorecardOptions): string[] =>
  Array.isArray(conditions) && typeof baseline === 'string' && !conditions.includes(baseline)
    ? [`scorecard: option "baseline" must be one of the conditions, but got ${quotedName(baseline)}`]
    : [];

const rulesOf = ({
  confidenceOf,
  normalization,
}: Completed<ScorecardOptions, typeof specs>): ScoringRules => {
  const read = answerReader(normalizerOf(normalization));
  return {
    confidenceOf,
    rightAnswerOf(trial) {
      const { expected } = trial.question;
      if (expected === undefined) return undefined;
      // If the scorer accepts the answer, it is the right one.
      if (isRight(trial) && !(trial.result instanceof NoPredictionError)) return trial.result.answer;
      return typeof expected === 'string' ? read(expected)?.answer : expected;
    },
  };
};

/** The cost of a question, or its bounds; nothing that leaves out calls of unknown price. */
const costToCompare = (score: ConditionScore): Pick<Choice, 'takes' | 'takesAtMost'> => {
  const cost = costOfQuestion(score);
  const most = mostOf(cost);
  return most < Number.POSITIVE_INFINITY
    ? { takes: cost.costUsd ?? 0, takesAtMost: most }
    : { takes: undefined };
};

/** Whether a condition has a prediction. One that has none failed as a whole. */
const hasAnswered = (score: ConditionScore | undefined): boolean => (score?.predicted ?? 0) > 0;

/** Whether a condition answered something, and an outage touched few of its questions. */
const isComparable = (score: ConditionScore | undefined): boolean =>
  score !== undefined && hasAnswered(score) && !isIncomplete(score);

/** The comparisons, with p-values adjusted for their number. */
function* comparisonsOf(
  scores: readonly ConditionScore[],
  baseline: string | undefined,
  compare: ReturnType<typeof questionLedger>['comparison'],
): Generator<undefined, readonly ConditionComparison[]> {
  const base = scores.findIndex(({ condition }) => condition === baseline);
  const pairs = scores.flatMap((_, second) =>
    baseline === undefined
      ? scores.slice(0, second).map((__, first) => [first, second] as const)
      : second === base
        ? []
        : [[base, second] as const],
  );
  const complete = pairs.filter((pair) => pair.every((place) => isComparable(scores[place])));
  const compared: Omit<ConditionComparison, 'adjustedPValue'>[] = [];
  for (const [first, second] of complete) {
    const comparison = compare(first, second);
    yield;
    if (comparison.questions === 0) continue;
    compared.push({
      first: scores[first]?.condition ?? '',
      second: scores[second]?.condition ?? '',
      ...comparison,
      latencyRatio: ratioOf(scores[second]?.stats.latencyMs.p50, scores[first]?.stats.latencyMs.p50),
    });
  }
  const adjusted = holm(compared.map(({ pValue }) => pValue));
  return compared.map((comparison, index) => ({ ...comparison, adjustedPValue: adjusted[index] ?? 1 }));
}
