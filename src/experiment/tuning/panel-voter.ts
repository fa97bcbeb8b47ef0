import type { Vote } from '../../domain/outcome.ts';
import type { Standing, Voter } from '../../domain/voter.ts';
import { bestConfidence } from '../../strategies/voting/best-confidence.ts';
import { confidenceWeighted } from '../../strategies/voting/confidence-weighted.ts';
import { logOdds } from '../../strategies/voting/log-odds.ts';
import { majority } from '../../strategies/voting/majority.ts';
import { naiveBayes } from '../../strategies/voting/naive-bayes.ts';
import { byWeight, Poll, pollVoter } from '../../strategies/voting/poll.ts';
import type { Panel, PanelVoter } from './panel.ts';

/** The voter of a panel without faults. */
export const panelVoter = ({ members, voter, acceptFrom }: Panel): Voter => {
  const counting = countingVoter(voter, members);
  if (acceptFrom === undefined) return counting;
  return accepting(counting, voter.rule === 'bestConfidence' ? ownConfidence : sureness, acceptFrom);
};

const byMember = <T>(members: readonly string[], values: readonly T[]): Record<string, T> =>
  Object.fromEntries(
    members.flatMap((id, index) => values.slice(index, index + 1).map((value) => [id, value])),
  );

const countingVoter = (voter: PanelVoter, members: readonly string[]): Voter => {
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

/** As `weighted`, but without the confidences: what a model weighs was learned without them. */
const fixedWeights = (weights: ReadonlyMap<string, number>): Voter => {
  const weightOf = (model: string): number => weights.get(model) ?? 0;
  return {
    ...pollVoter(
      'weights',
      () => new Poll(byWeight),
      ({ model }) => weightOf(model),
    ),
    ceiling: weightOf,
  };
};

/** How sure a standing is: by the probability that its voter knows, else by the share of the votes. */
const sureness = ({ confidence, consensus }: Standing): number => confidence ?? consensus;

/** How sure the model is that speaks for the answer. */
const ownConfidence = ({ leadingVote }: Standing): number => leadingVote?.confidence ?? 0;

/** A voter that has no winner where it is not sure enough of one. */
const accepting = (voter: Voter, surenessOf: (standing: Standing) => number, threshold: number): Voter => ({
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
