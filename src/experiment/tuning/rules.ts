import type { LogOddsOptions } from '../../strategies/voting/log-odds.ts';
import type { NaiveBayesOptions } from '../../strategies/voting/naive-bayes-checks.ts';
import { classesIn, keysInSteps } from './classes-of.ts';
import { fitDawidSkeneInSteps } from './fit-dawid-skene.ts';
import { fitLogOddsTo } from './fit-log-odds.ts';
import { fitNaiveBayesInSteps } from './fit-naive-bayes.ts';
import { fitOneCoinInSteps } from './fit-one-coin.ts';
import { fitTemperature } from './fit-temperature.ts';
import { fitWawaTo } from './fit-wawa.ts';
import type { LabelledBallot } from './labelled-ballot.ts';
import { accuraciesIn } from './model-accuracies.ts';
import type { PanelVoter } from './panel.ts';
import type { VoteSample } from './vote-sample.ts';

/** The voting rules that are compared, the simplest first. */
export const ruleNames = [
  'majority',
  'wawa',
  'dawidSkene',
  'logOdds of two',
  'logOdds',
  'confidenceWeighted',
  'bestConfidence',
  'naiveBayes',
] as const;

/** The name of a voting rule. */
export type RuleName = (typeof ruleNames)[number];

/** The traits of ballots that rules require. */
export interface BallotTraits {
  /** Whether the answers are a small set that all questions share. */
  readonly areClasses: boolean;
  readonly hasConfidences: boolean;
}

/** Whether a rule can be learned from such ballots. */
export const applies = (rule: RuleName, traits: BallotTraits): boolean =>
  rule === 'naiveBayes'
    ? traits.areClasses
    : rule === 'confidenceWeighted' || rule === 'bestConfidence'
      ? traits.hasConfidences
      : true;

/** Learns a rule for a panel of all of these models, from ballots and the same ones in numbers, with pauses. */
export function* learn(
  rule: RuleName,
  ballots: readonly LabelledBallot[],
  sample: VoteSample,
  models: readonly string[],
): Generator<unknown, PanelVoter> {
  const inOrder = <T>(values: Readonly<Record<string, T>>, otherwise: T): T[] =>
    models.map((model) => (Object.hasOwn(values, model) ? (values[model] ?? otherwise) : otherwise));
  const byOdds = ({ accuracies, choices }: Required<LogOddsOptions>): PanelVoter => ({
    rule: 'logOdds',
    accuracies: inOrder(accuracies, 0.5),
    choices,
  });
  const byBayes = ({ classes, withOther, prior, likelihoods }: Required<NaiveBayesOptions>): PanelVoter => {
    const ignorance = prior.map(() => prior.map(() => 1 / prior.length));
    return {
      rule: 'naiveBayes',
      classes,
      ...(withOther && { withOther }),
      prior,
      likelihoods: inOrder(likelihoods, ignorance),
    };
  };
  yield;
  switch (rule) {
    case 'majority':
    case 'bestConfidence':
      return { rule };
    case 'confidenceWeighted':
      return { rule, temperature: fitTemperature(ballots) };
    case 'wawa':
      return { rule: 'weights', weights: inOrder(fitWawaTo(sample), 0) };
    case 'logOdds of two':
      return byOdds({ ...fitLogOddsTo(sample), choices: 2 });
    case 'logOdds':
      return byOdds(fitLogOddsTo(sample));
    case 'dawidSkene': {
      const votes = ballots.map(({ votes }) => ({ votes }));
      const classes = classesIn(yield* keysInSteps(votes));
      yield;
      if (classes === undefined) return byOdds(yield* fitOneCoinInSteps(sample));
      return byBayes(yield* fitDawidSkeneInSteps(votes, classes));
    }
    case 'naiveBayes': {
      // A part of the ballots may have too few answers that recur.
      const classes = classesIn(yield* keysInSteps(ballots));
      yield;
      if (classes === undefined) return byOdds(fitLogOddsTo(sample));
      return byBayes(yield* fitNaiveBayesInSteps(ballots, classes, accuraciesIn(sample)));
    }
  }
}

/** Returns the part of a rule that some of its models need, in their order. */
export const voterOfMembers = (voter: PanelVoter, members: readonly number[]): PanelVoter => {
  const part = <T>(values: readonly T[]): T[] =>
    members.flatMap((member) => values.slice(member, member + 1));
  switch (voter.rule) {
    case 'weights':
      return { ...voter, weights: part(voter.weights) };
    case 'logOdds':
      return { ...voter, accuracies: part(voter.accuracies) };
    case 'naiveBayes':
      return { ...voter, likelihoods: part(voter.likelihoods) };
    default:
      return voter;
  }
};
