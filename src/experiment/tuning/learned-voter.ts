import type { Vote } from '../../domain/outcome.ts';
import type { Standing, Voter } from '../../domain/voter.ts';
import { bestConfidence } from '../../strategies/voting/best-confidence.ts';
import { confidenceWeighted } from '../../strategies/voting/confidence-weighted.ts';
import { logOdds } from '../../strategies/voting/log-odds.ts';
import { majority } from '../../strategies/voting/majority.ts';
import { naiveBayes } from '../../strategies/voting/naive-bayes.ts';
import { weighingVoter } from '../../strategies/voting/poll.ts';
import type { Panel, PanelVoter } from './panel.ts';

/** Computes how sure the leading answer is, 0..1. */
type Sureness = (standing: Pick<Standing, 'consensus' | 'confidence' | 'leadingVote'>) => number;

/** A voter with what was learned for its models. */
export interface LearnedVoter {
  readonly rule: PanelVoter;
  readonly voter: Voter;
  readonly surenessOf: Sureness;
}

/** Makes the voter of a rule, for models in the order of what was learned of them. */
export const learnedVoter = (rule: PanelVoter, models: readonly string[]): LearnedVoter => {
  switch (rule.rule) {
    case 'majority':
      return { rule, voter: majority(), surenessOf: byConsensus };
    case 'bestConfidence':
      return { rule, voter: bestConfidence(), surenessOf: byOwnConfidence };
    case 'confidenceWeighted':
      return { rule, voter: confidenceWeighted({ temperature: rule.temperature }), surenessOf: byConsensus };
    case 'weights':
      return { rule, voter: fixedWeights(byModel(models, rule.weights)), surenessOf: byConsensus };
    case 'logOdds': {
      const accuracies = Object.fromEntries(byModel(models, rule.accuracies));
      return { rule, voter: logOdds({ accuracies, choices: rule.choices }), surenessOf: byProbability };
    }
    case 'naiveBayes': {
      const { classes, prior } = rule;
      const likelihoods = Object.fromEntries(byModel(models, rule.likelihoods));
      return { rule, voter: naiveBayes({ classes, prior, likelihoods }), surenessOf: byProbability };
    }
  }
};

const byModel = <T>(models: readonly string[], values: readonly T[]): ReadonlyMap<string, T> =>
  new Map(models.map((model, index) => [model, values[index] as T]));

/** The voter of a panel without faults. */
export const panelVoter = ({ members, voter: rule, acceptFrom }: Panel): Voter => {
  const { voter, surenessOf } = learnedVoter(rule, members);
  return acceptFrom === undefined ? voter : accepting(voter, surenessOf, acceptFrom);
};

/** As `weighted`, but without confidences, because the weights were learned without them. */
const fixedWeights = (weights: ReadonlyMap<string, number>): Voter => {
  const weightOf = (model: string): number => weights.get(model) ?? 0;
  return {
    ...weighingVoter('weights', ({ model }) => weightOf(model)),
    ceiling: weightOf,
  };
};

const byConsensus: Sureness = ({ consensus }) => consensus;

/** By the probability that the voter computes. */
const byProbability: Sureness = ({ confidence = 0 }) => confidence;

/** By the confidence of the leading vote. */
const byOwnConfidence: Sureness = ({ leadingVote }) => leadingVote?.confidence ?? 0;

/** Makes a voter without a winner unless it is sure enough. */
const accepting = (voter: Voter, surenessOf: Sureness, threshold: number): Voter => ({
  name: voter.name,
  init: () => voter.init(),
  add: (state, vote: Vote) => voter.add(state, vote),
  tally(state) {
    const standing = voter.tally(state);
    if (surenessOf(standing) >= threshold) return standing;
    const { consensus, confidence, votes, lead = 0, runnerUp = 0, total = 0, margin = 0 } = standing;
    return {
      answer: undefined,
      leadingVote: undefined,
      consensus,
      confidence,
      votes,
      lead,
      runnerUp,
      total,
      margin,
    };
  },
});
