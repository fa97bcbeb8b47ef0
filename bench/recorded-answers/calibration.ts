import {
  type ConfidencePair,
  calibrate,
  calibrationOf,
  fitCalibration,
  fitLogOdds,
  fitNaiveBayes,
  type LabelledBallot,
} from '../../src/experiment/experiment.ts';
import { areClasses, keysIn } from '../../src/experiment/tuning/classes-of.ts';
import { deal } from '../../src/experiment/tuning/folds.ts';
import { logOdds, naiveBayes, type Voter } from '../../src/index.ts';
import { recount } from './recount.ts';

/** How far the confidence of a learned voter is from the truth, on halves that it was not learned on. */
export interface HalvesCalibration {
  readonly before: number;
  readonly after: number;
  /** What a perfect confidence would show by chance, in the same bins. */
  readonly byChance: number;
}

/** The learned voter: by confusion matrices where all questions share a few answers, else by log-odds. */
const learnedVoter = (ballots: readonly LabelledBallot[]): Voter =>
  areClasses(keysIn(ballots)) ? naiveBayes(fitNaiveBayes(ballots)) : logOdds(fitLogOdds(ballots));

const pairsOf = (voter: Voter, ballots: readonly LabelledBallot[]): ConfidencePair[] =>
  ballots.map((ballot) => {
    const { isRight, tally } = recount(voter, ballot);
    return { confidence: tally.confidence ?? 0, isRight };
  });

const partsOf = (ballots: readonly LabelledBallot[], count: number, seed: string): LabelledBallot[][] =>
  deal(
    ballots.map((_, index) => index),
    count,
    seed,
  ).map((places) => places.flatMap((place) => ballots[place] ?? []));

/** How sure a voter is of ballots that it was not learned on, each in its turn. */
const pairsHeldOut = (ballots: readonly LabelledBallot[], seed: string): ConfidencePair[] => {
  const parts = partsOf(ballots, 5, seed);
  return parts.flatMap((part) => pairsOf(learnedVoter(parts.filter((other) => other !== part).flat()), part));
};

/** A half has some hundreds of answers: levels of fewer answers than these would be mostly chance. */
const LEAST_ANSWERS = 50;

/** Learns a voter and a calibration map on each half, and judges both on the other one; the mean of the two. */
export const calibrationOnHalves = (ballots: readonly LabelledBallot[], seed: string): HalvesCalibration => {
  const [first = [], second = []] = partsOf(ballots, 2, `${seed}/halves`);
  const directions = [
    [first, second],
    [second, first],
  ] as const;
  const judged = directions.map(([learned, other]) => {
    const map = fitCalibration(pairsHeldOut(learned, `${seed}/map`), { leastAnswers: LEAST_ANSWERS });
    const raw = pairsOf(learnedVoter(learned), other);
    const calibrated = raw.map(({ confidence, isRight }) => ({
      confidence: calibrate(map, confidence) ?? 0,
      isRight,
    }));
    return { before: calibrationOf(raw), after: calibrationOf(calibrated) };
  });
  const mean = (value: (direction: (typeof judged)[number]) => number | undefined): number =>
    judged.reduce((sum, direction) => sum + (value(direction) ?? Number.NaN), 0) / judged.length;
  return {
    before: mean(({ before }) => before.ece),
    after: mean(({ after }) => after.ece),
    byChance: mean(({ after }) => after.eceByChance),
  };
};
