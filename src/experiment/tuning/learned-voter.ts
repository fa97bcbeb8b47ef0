import type { Voter } from '../../domain/voter.ts';
import { bestConfidence } from '../../strategies/voting/best-confidence.ts';
import { confidenceWeighted } from '../../strategies/voting/confidence-weighted.ts';
import { logOdds } from '../../strategies/voting/log-odds.ts';
import { majority } from '../../strategies/voting/majority.ts';
import { naiveBayes } from '../../strategies/voting/naive-bayes.ts';
import { weighingVoter } from '../../strategies/voting/poll.ts';
import { wrapVoter } from '../../strategies/voting/wrap-voter.ts';
import type { Panel, PanelVoter } from './panel.ts';
import { byClasses, byConsensus, byLogOdds, byOwnConfidence, type Sureness } from './sureness.ts';

/** A voter with what was learned for its models. */
export interface LearnedVoter {
  readonly rule: PanelVoter;
  readonly voter: Voter;
  readonly sureness: Sureness;
  /** How sure the leading answer is, 0..1. */
  readonly surenessOf: Sureness['of'];
  /** Whether it depends on which answers are given; otherwise only on which of them are the same. */
  readonly knowsClasses: boolean;
}

const learned = (rule: PanelVoter, voter: Voter, sureness: Sureness): LearnedVoter => ({
  rule,
  voter,
  sureness,
  surenessOf: sureness.of,
  knowsClasses: knowsClasses(rule),
});

/** Whether a rule depends on which answers are given. */
export const knowsClasses = ({ rule }: PanelVoter): boolean => rule === 'naiveBayes';

/** Makes the voter of a rule, for models in the order of what was learned of them. */
export const learnedVoter = (rule: PanelVoter, models: readonly string[]): LearnedVoter => {
  switch (rule.rule) {
    case 'majority':
      return learned(rule, majority(), byConsensus);
    case 'bestConfidence':
      return learned(rule, bestConfidence(), byOwnConfidence);
    case 'confidenceWeighted':
      return learned(rule, confidenceWeighted({ temperature: rule.temperature }), byConsensus);
    case 'weights':
      return learned(rule, fixedWeights(byModel(models, rule.weights)), byConsensus);
    case 'logOdds': {
      const accuracies = Object.fromEntries(byModel(models, rule.accuracies));
      return learned(rule, logOdds({ accuracies, choices: rule.choices }), byLogOdds);
    }
    case 'naiveBayes': {
      const { classes, withOther = false, prior } = rule;
      const likelihoods = Object.fromEntries(byModel(models, rule.likelihoods));
      return learned(rule, naiveBayes({ classes, withOther, prior, likelihoods }), byClasses(withOther));
    }
  }
};

const byModel = <T>(models: readonly string[], values: readonly T[]): ReadonlyMap<string, T> =>
  new Map(models.map((model, index) => [model, values[index] as T]));

/** The voter of a panel without faults. */
export const panelVoter = ({
  members,
  voter: rule,
  acceptFrom,
}: Pick<Panel, 'members' | 'voter' | 'acceptFrom'>): Voter => {
  const { voter, sureness } = learnedVoter(rule, members);
  return acceptFrom === undefined ? voter : accepting(voter, sureness, acceptFrom);
};

/** As `weighted`, but without confidences, because the weights were learned without them. */
const fixedWeights = (weights: ReadonlyMap<string, number>): Voter => {
  const weightOf = (model: string): number => weights.get(model) ?? 0;
  return {
    ...weighingVoter('weights', ({ model }) => weightOf(model)),
    ceiling: weightOf,
  };
};

/** Makes a voter without a winner unless it is sure enough. Its result is decided once that can no longer change. */
const accepting = (voter: Voter, sureness: Sureness, threshold: number): Voter =>
  wrapVoter(voter, (standing, { margin, pending }) => {
    const untilCrossed = sureness.margin({ ...standing, margin }, threshold, pending);
    return sureness.of(standing) >= threshold
      ? { ...standing, margin: Math.min(margin, untilCrossed) }
      : { ...standing, answer: undefined, leadingVote: undefined, margin: untilCrossed };
  });
