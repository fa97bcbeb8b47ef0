import {
  fitDawidSkene,
  fitLogOdds,
  fitNaiveBayes,
  fitOneCoin,
  fitTemperature,
  fitWawa,
  type LabelledBallot,
  labelledBallots,
  type Tuned,
  tune,
  wilsonInterval,
} from '../../src/experiment/experiment.ts';
import { areClasses, keysIn } from '../../src/experiment/tuning/classes-of.ts';
import { deal } from '../../src/experiment/tuning/folds.ts';
import { modelAccuracies } from '../../src/experiment/tuning/model-accuracies.ts';
import { confidenceWeighted, logOdds, majority, naiveBayes, type Voter, weighted } from '../../src/index.ts';
import { calibrationOnHalves, type HalvesCalibration } from './calibration.ts';
import type { Recording } from './evaluate.ts';
import { recount } from './recount.ts';
import { type Answered, type RunnablePanel, runPanel } from './run-panel.ts';

/** What became of all questions of a recording under one condition, each judged by what others taught. */
export interface ConditionResult {
  readonly name: string;
  readonly right: number;
  readonly interval: { readonly low: number; readonly high: number };
  readonly callsPerQuestion: number;
  /** `undefined` where the recording has no costs. */
  readonly costUsdPerQuestion: number | undefined;
}

/** A recording under all conditions. */
export interface Study {
  readonly name: string;
  readonly questions: number;
  readonly conditions: readonly ConditionResult[];
  readonly tuned: Tuned;
  /** Mean over several splits into halves. */
  readonly calibration: HalvesCalibration;
}

const FOLDS = 5;
const SEED = 0;
const SPLITS = 20;

/** One part of the questions, and what is learned from all others. */
interface Part {
  readonly held: readonly number[];
  readonly learned: readonly LabelledBallot[];
}

const partsOf = (ballots: readonly LabelledBallot[]): Part[] => {
  const places = ballots.map((_, place) => place);
  const dealt = deal(places, FOLDS, `tune/${SEED}/outer`);
  return dealt.map((held) => ({
    held,
    learned: dealt.filter((part) => part !== held).flatMap((part) => part.flatMap((at) => ballots[at] ?? [])),
  }));
};

const costOf = ({ votes }: LabelledBallot): number | undefined =>
  Array.from(votes.values()).reduce<number | undefined>(
    (sum, { costUsd }) => (sum === undefined || costUsd === undefined ? undefined : sum + costUsd),
    0,
  );

/** Everybody is heard, and the votes are counted by what was learned from the other parts. */
const whole =
  (learn: (ballots: readonly LabelledBallot[]) => Voter) =>
  (ballots: readonly LabelledBallot[], parts: readonly Part[]): Answered[] =>
    parts.flatMap(({ held, learned }) => {
      const voter = learn(learned);
      return held.flatMap((place) => {
        const ballot = ballots[place];
        if (ballot === undefined) return [];
        const { isRight } = recount(voter, ballot);
        return [{ isGiven: true, isRight, calls: ballot.votes.size, costUsd: costOf(ballot) }];
      });
    });

const byAccuracy = (ballots: readonly LabelledBallot[]): string[] =>
  Object.entries(modelAccuracies(ballots))
    .toSorted(([, a], [, b]) => b - a)
    .map(([model]) => model);

const alone = (ballots: readonly LabelledBallot[], parts: readonly Part[]): Answered[] =>
  parts.flatMap(({ held, learned }) => {
    const [best = ''] = byAccuracy(learned);
    return held.flatMap((place) => {
      const vote = ballots[place]?.votes.get(best);
      const isRight = vote?.key !== undefined && (ballots[place]?.rightKeys.has(vote.key) ?? false);
      return [{ isGiven: true, isRight, calls: 1, costUsd: vote?.costUsd }];
    });
  });

/**
 * Some small models, and a strong one where they do not agree. The strong one is the most accurate on the other
 * parts; the small ones are the cheapest of the rest, or the most accurate where there are no costs.
 */
const gate = (learned: readonly LabelledBallot[], count: number): RunnablePanel => {
  const [strong = '', ...others] = byAccuracy(learned);
  const costOfModel = (model: string): number =>
    learned.reduce((sum, { votes }) => sum + (votes.get(model)?.costUsd ?? 0), 0);
  const small = others.toSorted((a, b) => costOfModel(a) - costOfModel(b)).slice(0, count);
  return {
    members: [...small, strong],
    voter: { rule: 'weights', weights: [...small.map(() => 1), count + 0.5] },
    execution: { schedule: 'sequential', stop: 'agreement', votes: count },
  };
};

const toResult = (name: string, answered: readonly Answered[]): ConditionResult => {
  const n = answered.length;
  const right = answered.filter(({ isRight }) => isRight).length;
  const mean = (value: (one: Answered) => number): number =>
    answered.reduce((sum, one) => sum + value(one), 0) / n;
  return {
    name,
    right,
    interval: wilsonInterval(right, n),
    callsPerQuestion: mean(({ calls }) => calls),
    costUsdPerQuestion: answered.every(({ costUsd }) => costUsd !== undefined)
      ? mean(({ costUsd = 0 }) => costUsd)
      : undefined,
  };
};

/** A rule that needs everybody's vote, and how it is learned. */
type LearnedRule = [name: string, learn: (ballots: readonly LabelledBallot[]) => Voter];

const byConfidence: LearnedRule = [
  'by confidence',
  (learned) => confidenceWeighted({ temperature: fitTemperature(learned) }),
];

/** Every condition on the same five parts of a recording: what is learned is tried on the part left out. */
export const studyOf = async (recording: Recording): Promise<Study> => {
  const { name, questions, normalization } = recording;
  const ballots = await Array.fromAsync(labelledBallots(questions, { normalization }));
  const parts = partsOf(ballots);
  const hasClasses = areClasses(keysIn(ballots));
  const hasConfidences = ballots.some(({ votes }) =>
    Array.from(votes.values()).some(({ confidence }) => confidence !== undefined),
  );
  const tuneOn = (some: readonly LabelledBallot[]): Tuned =>
    tune({ ballots: some, aim: { maximize: 'accuracy' }, folds: FOLDS, seed: SEED });
  const tuned = tuneOn(ballots);
  const inParts = async (panelFor: (part: Part) => RunnablePanel): Promise<Answered[]> => {
    const answered = parts.map((part) => runPanel(recording, panelFor(part), part.held, ballots));
    return (await Promise.all(answered)).flat();
  };
  const learnedRules: LearnedRule[] = [
    ['plurality', majority],
    ['Wawa', (learned) => weighted({ weights: fitWawa(learned) })],
    [
      'Dawid–Skene',
      (learned) => (hasClasses ? naiveBayes(fitDawidSkene(learned)) : logOdds(fitOneCoin(learned))),
    ],
    ['log-odds, K = 2', (learned) => logOdds({ ...fitLogOdds(learned), choices: 2 })],
    ['log-odds, K learned', (learned) => logOdds(fitLogOdds(learned))],
    ...(hasConfidences ? [byConfidence] : []),
    ...(hasClasses
      ? [['confusion matrices', (learned) => naiveBayes(fitNaiveBayes(learned))] as LearnedRule]
      : []),
  ];
  const conditions = [
    toResult('best single', alone(ballots, parts)),
    ...learnedRules.map(([rule, learn]) => toResult(rule, whole(learn)(ballots, parts))),
    toResult('two small agree, else strong', await inParts(({ learned }) => gate(learned, 2))),
    toResult('three small agree, else strong', await inParts(({ learned }) => gate(learned, 3))),
    toResult('tuned', await inParts(({ learned }) => tuneOn(learned).panel)),
  ];
  const splits = Array.from({ length: SPLITS }, (_, split) => calibrationOnHalves(ballots, `${split}`));
  const mean = (part: keyof HalvesCalibration): number =>
    splits.reduce((sum, split) => sum + split[part], 0) / splits.length;
  return {
    name,
    questions: ballots.length,
    conditions,
    tuned,
    calibration: { before: mean('before'), after: mean('after'), byChance: mean('byChance') },
  };
};

/** The result under one condition. */
export const resultOf = ({ conditions, name }: Study, condition: string): ConditionResult => {
  const found = conditions.find((one) => one.name === condition);
  if (found === undefined) throw new Error(`${name} has no condition "${condition}"`);
  return found;
};

/** Recordings whose confidence has to be right to 3 points once it is calibrated. */
const CALIBRATED: readonly string[] = ['gsm8k-zeroeval-8peers', 'prime-llmdrift-4models'];

/** What a study does not show that it ought to, one sentence each. */
export const violationsOf = (study: Study): readonly string[] => {
  const { name, questions, calibration, tuned } = study;
  const [single, plurality, chosen] = ['best single', 'plurality', 'tuned'].map((condition) => {
    return resultOf(study, condition).right;
  }) as [number, number, number];
  const share = single / questions;
  const standardError = Math.sqrt(questions * share * (1 - share));
  const { low, high } = tuned.panel.expected.accuracy;
  return [
    ...(chosen < single - standardError
      ? [
          `${name}: the tuned panel has ${chosen} right, below ${single} of the best single model less one error`,
        ]
      : []),
    ...(plurality < single - standardError && chosen <= plurality
      ? [`${name}: plurality loses with ${plurality} right, and so does the tuned panel with ${chosen}`]
      : []),
    ...(chosen < low * questions || chosen > high * questions
      ? [
          `${name}: tune expects ${Math.round(low * questions)} to ${Math.round(high * questions)} right, ` +
            `but its panels, run as ensembles, have ${chosen}`,
        ]
      : []),
    ...(CALIBRATED.includes(name) && !(calibration.after < 0.03)
      ? [`${name}: the calibrated confidence is off by ${(100 * calibration.after).toFixed(2)} points`]
      : []),
  ];
};
