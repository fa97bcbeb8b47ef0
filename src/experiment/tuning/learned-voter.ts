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
  readonly voter: Voter;
  readonly surenessOf: Sureness;
}

/** Makes the voter of a rule, for models in the order of what was learned of them. */
export const learnedVoter = (rule: PanelVoter, models: readonly string[]): LearnedVoter => ({
  voter: voterOf(rule, models),
  surenessOf: surenessBy[rule.rule],
});

/** The voter of a panel without faults. */
export const panelVoter = ({ members, voter: rule, acceptFrom }: Panel): Voter => {
  const { voter, surenessOf } = learnedVoter(rule, members);
  return acceptFrom === undefined ? voter : accepting(voter, surenessOf, acceptFrom);
};

const byMember = <T>(members: readonly string[], values: readonly T[]): Record<string, T> =>
  Object.fromEntries(
    members.flatMap((id, index) => values.slice(index, index + 1).map((value) => [id, value])),
  );

const voterOf = (voter: PanelVoter, members: readonly string[]): Voter => {
  switch (voter.rule) {
    case 'majority':
      return majority();
    case 'bestConfidence':
      return bestConfidence();
    case 'confidenceWeighted':
      return confidenceWeighted({ temperature: voter.temperature });
    case 'weights':
      return fixedWeights(new Map(members.map((id, index) => [id, voter.weights[index] ?? 0])));
    case 'logOdds':
      return logOdds({ accuracies: byMember(members, voter.accuracies), choices: voter.choices });
    case 'naiveBayes':
      return naiveBayes({
        classes: voter.classes,
        prior: voter.prior,
        likelihoods: byMember(members, voter.likelihoods),
      });
  }
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

const surenessBy: Readonly<Record<PanelVoter['rule'], Sureness>> = {
  majority: byConsensus,
  weights: byConsensus,
  confidenceWeighted: byConsensus,
  bestConfidence: byOwnConfidence,
  logOdds: byProbability,
  naiveBayes: byProbability,
};

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
