import { answerKey } from '../../domain/answer-key.ts';
import { guarding } from '../../domain/foreign.ts';
import { NoPredictionError, UserCodeError } from '../../domain/no-prediction.ts';
import { asCounted, countedKey, type Outcome } from '../../domain/outcome.ts';
import type { Prediction } from '../../domain/prediction.ts';
import { agreementFold } from '../../metrics/agreement-fold.ts';
import { agreementRow } from '../../metrics/agreement-row.ts';
import { sketchedQuantiles } from '../../metrics/quantiles.ts';
import type { Stats } from '../../metrics/stats.ts';
import { statsFold } from '../../metrics/stats-fold.ts';
import { suchThat } from '../../options.ts';
import { isReduced, leftOutOf, unsentIn } from '../left-out.ts';
import { momentsOf } from '../statistics/mean-interval.ts';
import { atLeastZero, shareEstimate } from '../statistics/share-estimate.ts';
import { costOf, isRight, type Trial } from '../trial.ts';
import { calibrationFold } from './calibration-fold.ts';
import { causesFold } from './causes-fold.ts';
import type { CallCounts, CategoryScore, ConditionScore, ModelScore } from './scorecard.ts';

const RELATIVE_ACCURACY = 0.01;
const MAX_CATEGORIES = 1000;

/** The functions that a score is computed with. */
export interface ScoringRules {
  /** The confidence of a prediction, if it is known. */
  readonly confidenceOf: (prediction: Prediction) => number | undefined;
  /** The right answer, normalized as answers are; `undefined` if it is not known. */
  readonly rightAnswerOf: (trial: Trial) => unknown;
}

const numberOrNothing = suchThat(
  'a number or undefined',
  (value) => value === undefined || typeof value === 'number',
);

/** Collects the trials of one condition. */
export const conditionFold = (condition: string, { confidenceOf, rightAnswerOf }: ScoringRules) => {
  const stats = statsFold({ relativeAccuracy: RELATIVE_ACCURACY });
  const agreement = agreementFold();
  const models = modelScores();
  const confidences = calibrationFold();
  const causes = causesFold();
  const latencies = sketchedQuantiles(RELATIVE_ACCURACY);
  const [cost, latency] = [momentsOf(), momentsOf()];
  const all = counter();
  const categories = new Map<string, ReturnType<typeof counter>>();
  let [knownCosts, scores, unsent] = [0, 0, 0];

  const confidenceIn = (prediction: Prediction): number | undefined =>
    guarding(
      () => confidenceOf(prediction),
      (_fault, cause) => {
        throw new UserCodeError('confidenceOf', { cause });
      },
      numberOrNothing,
    );

  const addPrediction = (trial: Trial, prediction: Prediction): void => {
    const { latencyMs } = prediction.metadata;
    if (latencyMs >= 0 && latencyMs < Number.POSITIVE_INFINITY) {
      latency.add(latencyMs);
      latencies.add(latencyMs);
    }
    if (trial.score !== undefined) {
      confidences.add(trial.question.id, confidenceIn(prediction), isRight(trial));
    }
  };

  return {
    add(trial: Trial): void {
      const { question, result, score } = trial;
      causes.add(trial);
      all.add(trial);
      if (question.category !== undefined) countIn(categories, question.category)?.add(trial);
      if (leftOutOf(trial) !== undefined) return;
      stats.add(result);
      scores += score ?? 0;
      unsent += unsentIn(result);
      const { costUsd, costSource } = costOf(trial);
      if (costUsd !== undefined) cost.add(costUsd);
      if (costSource === 'reported' || costSource === 'estimated') knownCosts += 1;
      if (!(result instanceof NoPredictionError)) addPrediction(trial, result);
      const expected = rightAnswerOf(trial);
      agreement.add(agreementRow(result, expected));
      models.add(result.outcomes, expected === undefined ? undefined : answerKey(expected));
    },
    score(): ConditionScore {
      const { questions, leftOut, reduced, predicted, labelled, right, answered, accuracy } = all.counts();
      const { matrix, ...together } = agreement.agreement();
      const spread = stats.stats();
      return {
        condition,
        questions,
        leftOut,
        reduced,
        predicted,
        coverage: shareEstimate(predicted, spread.count),
        labelled,
        right,
        accuracy,
        precision: shareEstimate(right, answered),
        meanScore: answered === 0 ? undefined : scores / labelled,
        costUsd: atLeastZero(cost.estimate()),
        knownCostShare: spread.count === 0 ? undefined : knownCosts / spread.count,
        latencyMs: atLeastZero(latency.estimate()),
        latencyQuantilesMs: Array.from({ length: 101 }, (_, share) => latencies.at(share / 100)).filter(
          (value) => value !== undefined,
        ),
        calls: callsOf(spread, unsent),
        stats: spread,
        calibration: confidences.calibration(),
        riskCoverage: confidences.riskCoverage(labelled),
        agreement: { ...together, matrix: matrix.map((row) => row.map((share) => share ?? null)) },
        models: models.scores(),
        causes: causes.causes(),
        categories: Array.from(categories, ([category, counts]): CategoryScore => {
          const { answered: _, leftOut: __, reduced: ___, ...score } = counts.counts();
          return { category, ...score };
        }),
      };
    },
  };
};

const counter = () => {
  let [questions, reduced, predicted, labelled, answered, right] = [0, 0, 0, 0, 0, 0];
  const leftOut = { failed: 0, notRecorded: 0 };
  return {
    add(trial: Trial): void {
      const hasPrediction = !(trial.result instanceof NoPredictionError);
      questions += 1;
      const why = leftOutOf(trial);
      if (why !== undefined) {
        leftOut[why] += 1;
        return;
      }
      if (isReduced(trial)) reduced += 1;
      if (hasPrediction) predicted += 1;
      if (trial.score === undefined) return;
      labelled += 1;
      if (hasPrediction) answered += 1;
      if (isRight(trial)) right += 1;
    },
    counts: () => ({
      questions,
      leftOut: { ...leftOut },
      reduced,
      predicted,
      labelled,
      answered,
      right,
      // Where nothing was answered, failures would be taken for wrong answers.
      accuracy: answered === 0 ? undefined : shareEstimate(right, labelled),
    }),
  };
};

/** Counts how often each model was right, call by call. */
const modelScores = () => {
  const counts = new Map<string, { votes: number; right: number }>();
  return {
    /** Adds the calls of a question. If the right key is not known, votes are not counted. */
    add(outcomes: readonly Outcome[], rightKey: string | undefined): void {
      const right = rightKey === undefined ? undefined : countedKey(rightKey, outcomes);
      for (const outcome of asCounted(outcomes)) {
        const count = counts.get(outcome.model) ?? { votes: 0, right: 0 };
        counts.set(outcome.model, count);
        if (outcome.status !== 'answered' || right === undefined) continue;
        count.votes += 1;
        if (outcome.key === right) count.right += 1;
      }
    },
    scores: (): readonly ModelScore[] =>
      Array.from(counts, ([model, { votes, right }]) => ({
        model,
        votes,
        right,
        accuracy: shareEstimate(right, votes),
      })),
  };
};

const countIn = (categories: Map<string, ReturnType<typeof counter>>, category: string) => {
  if (!categories.has(category) && categories.size < MAX_CATEGORIES) categories.set(category, counter());
  return categories.get(category);
};

const callsOf = ({ models, count }: Stats, unsent: number): CallCounts => {
  const members = models.filter(({ role }) => role === undefined);
  const total = (kind: 'successes' | 'abstentions' | 'failures' | 'cancelled'): number =>
    members.reduce((sum, model) => sum + model[kind], 0);
  const made = models.reduce((sum, { calls }) => sum + calls, 0) - unsent;
  return {
    made,
    successes: total('successes'),
    abstentions: total('abstentions'),
    failures: total('failures') - unsent,
    cancelled: total('cancelled'),
    perQuestion: count === 0 ? undefined : made / count,
  };
};
