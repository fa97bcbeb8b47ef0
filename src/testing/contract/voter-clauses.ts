import assert from 'node:assert/strict';
import { answerKey } from '../../domain/answer-key.ts';
import type { Outcome } from '../../domain/outcome.ts';
import type { Tally } from '../../domain/tally.ts';
import type { Voter } from '../../domain/voter.ts';
import type { Draw } from '../../models/random.ts';
import { isDecided } from '../../strategies/stopping/is-decided.ts';
import { Election } from '../../strategies/voting/election.ts';
import { ballotOf, described, shuffled, voteOf } from './ballots.ts';

/** The voter of one case, and random ballots for it. */
export interface VoterStage {
  readonly createVoter: () => Voter;
  readonly panel: readonly string[];
  readonly answers: readonly unknown[];
  readonly draw: Draw;
}

/** One clause of the contract of voters. */
export interface VoterClause {
  readonly name: string;
  readonly check: (stage: VoterStage) => void;
}

/** The number of random ballots of each clause. */
const BALLOTS = 250;

/** Makes ballots of the first models of the panel, each in a random order of arrival. */
function* ballots({ panel, answers, draw }: VoterStage): Generator<Outcome[]> {
  for (let count = 0; count < BALLOTS; count += 1) {
    const size = 1 + Math.floor(draw() * panel.length);
    yield shuffled(ballotOf(panel.slice(0, size), answers, draw), draw);
  }
}

/** Holds the election of a ballot, and returns the tally after each outcome. */
const talliesOf = (voter: Voter, ballot: readonly Outcome[]): Tally[] => {
  const election = new Election(
    voter,
    ballot.map(({ model }) => model),
  );
  return ballot.map((outcome) => {
    election.add(outcome);
    return election.tally();
  });
};

/** The result of a tally, for comparisons and messages. */
const resultOf = ({ leader }: Tally): string => (leader === undefined ? 'no answer' : answerKey(leader));

const finalResult = (voter: Voter, ballot: readonly Outcome[]): string =>
  resultOf(talliesOf(voter, ballot).at(-1) as Tally);

/** The courses that an election may take after its first votes: as it went, at random, and all that is left for one answer. */
const coursesOf = (
  ballot: readonly Outcome[],
  counted: number,
  { panel, answers, draw }: VoterStage,
): readonly (readonly Outcome[])[] => {
  const random = ballotOf(panel, answers, draw);
  const following = ballot.slice(counted);
  return [
    following,
    following.map(({ index }) => random[index] as Outcome),
    ...answers.flatMap((answer) =>
      [1, undefined].map((confidence) =>
        following.map(({ model, index }) => voteOf(model, index, answer, confidence)),
      ),
    ),
  ];
};

/** Everything that a voter must keep, so that a prediction is right for any votes in any order of arrival. */
export const voterClauses: readonly VoterClause[] = [
  {
    name: 'gives the same result in every order of arrival',
    check: (stage) => {
      for (const ballot of ballots(stage)) {
        const inOrder = ballot.toSorted((a, b) => a.index - b.index);
        assert.equal(
          finalResult(stage.createVoter(), ballot),
          finalResult(stage.createVoter(), inOrder),
          `the result of ${described(inOrder)} is another one if they arrive as ${described(ballot)}: sort by vote.index, or break ties by it`,
        );
      }
    },
  },
  {
    name: 'counts every vote from the beginning',
    check: (stage) => {
      const voter = stage.createVoter();
      for (const ballot of ballots(stage)) {
        assert.equal(
          finalResult(voter, ballot),
          finalResult(stage.createVoter(), ballot),
          `the result of ${described(ballot)} depends on earlier elections: create the state in init()`,
        );
      }
    },
  },
  {
    name: 'has a vote for the answer as its leading vote',
    check: (stage) => {
      for (const ballot of ballots(stage)) {
        for (const { leader, leadingVote } of talliesOf(stage.createVoter(), ballot)) {
          if (leadingVote === undefined) continue;
          assert.ok(ballot.includes(leadingVote), `the leading vote is not one of ${described(ballot)}`);
          const key = leader === undefined ? 'no answer' : answerKey(leader);
          assert.equal(
            leadingVote.key,
            key,
            `the leading vote of ${described(ballot)} is for another answer`,
          );
        }
      }
    },
  },
  {
    name: 'says how much a vote can add, if results are decided before the last vote',
    check: (stage) => {
      const voter = stage.createVoter();
      if (voter.ceiling !== undefined) return;
      for (const ballot of ballots(stage)) {
        const votes = ballot.filter(({ status }) => status === 'answered');
        for (const [place, { margin, lead }] of talliesOf(voter, votes).entries()) {
          assert.ok(
            margin <= 0 || lead <= place + 1 + 1e-6,
            `an answer weighs ${lead} after ${place + 1} votes of ${described(votes)}, and the voter has no ceiling(model): ` +
              'add it; if the voter wraps another, use wrapVoter',
          );
        }
      }
    },
  },
  {
    name: 'is decided only when no pending vote can change the result',
    check: (stage) => {
      for (const ballot of ballots(stage)) {
        const tallies = talliesOf(stage.createVoter(), ballot);
        const stop = tallies.findIndex((tally) => tally.successes > 0 && isDecided(tally));
        if (stop === -1) continue;
        const counted = ballot.slice(0, stop + 1);
        const early = resultOf(tallies[stop] as Tally);
        for (const course of coursesOf(ballot, counted.length, stage)) {
          assert.equal(
            finalResult(stage.createVoter(), [...counted, ...course]),
            early,
            `the result counts as decided after ${described(counted)}, but ${described(course)} change it: ` +
              'check the margin of the standing, and ceiling(model)',
          );
        }
      }
    },
  },
];
