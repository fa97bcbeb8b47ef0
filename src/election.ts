import { answerKey } from './answer-key.ts';
import { UserCodeError } from './errors.ts';
import type { Outcome, Vote } from './outcome.ts';
import type { Tally } from './tally.ts';
import type { Standing, Voter } from './voter.ts';

/** An election in progress: outcomes go in one by one, and its tally can be read at any time. */
export interface Election<Answer> {
  add(outcome: Outcome<Answer>): void;
  tally(): Tally<Answer>;
}

/** Ceilings are summed in billionths, as whole numbers, so that no rounding error is left at the end. */
const UNIT = 1e9;

/** Fills in what a caller's own voter left out of its standing. */
const complete = <Answer>(standing: Standing<Answer>, cast: readonly Vote<Answer>[]): Standing<Answer> => {
  const counts = Object.values(standing.votes);
  const key = standing.answer === undefined ? undefined : answerKey(standing.answer);
  const lead = (key !== undefined && Object.hasOwn(standing.votes, key) && standing.votes[key]) || 0;
  const [first = 0, second = 0] = counts.sort((a, b) => b - a);
  return {
    leadingVote: cast.find((vote) => vote.key === key),
    lead,
    runnerUp: lead === first ? second : first,
    total: counts.reduce((sum, count) => sum + count, 0),
    margin: 0,
    ...standing,
  };
};

/**
 * Opens an election among a panel. It counts abstentions, failures and pending calls, which are the same
 * for every voter, and leaves the votes to the voter. Without a panel, any number of calls may be pending.
 */
export const openElection = <Answer>(voter: Voter, panel?: readonly string[]): Election<Answer> => {
  const ceilingOf =
    voter.ceiling === undefined
      ? () => UNIT
      : (model: string) => Math.round((voter.ceiling?.(model) ?? 1) * UNIT);
  const cast: Vote<Answer>[] = [];
  let state = voter.init();
  let outcome: Outcome<Answer> | undefined;
  let abstained = 0;
  let failed = 0;
  let pending = panel?.length ?? Number.POSITIVE_INFINITY;
  let openUnits = panel?.reduce((sum, model) => sum + ceilingOf(model), 0) ?? Number.POSITIVE_INFINITY;

  const standingNow = (): Standing<Answer> => {
    const standing = voter.tally(state) as Standing<Answer>;
    return standing.total === undefined ? complete(standing, cast) : standing;
  };
  /** What a voter counts in place may have changed since: the first votes, counted again. */
  const votesAfter = (count: number): Standing['votes'] =>
    voter.tally(cast.slice(0, count).reduce<unknown>((sum, vote) => voter.add(sum, vote), voter.init()))
      .votes;
  const inVoter = <Result>(work: () => Result): Result => {
    try {
      return work();
    } catch (error) {
      throw new UserCodeError(`the voting strategy "${voter.name}"`, { cause: error });
    }
  };

  return {
    add(next) {
      outcome = next;
      pending -= 1;
      openUnits -= ceilingOf(next.model);
      if (next.status === 'answered') {
        cast.push(next);
        inVoter(() => {
          state = voter.add(state, next);
        });
      } else if (next.status === 'failed') failed += 1;
      else abstained += 1;
    },
    tally() {
      const count = cast.length;
      const standing = inVoter(standingNow);
      return {
        outcome,
        leader: standing.answer,
        leadingVote: standing.leadingVote,
        consensus: standing.consensus,
        confidence: standing.confidence ?? standing.leadingVote?.confidence,
        lead: standing.lead ?? 0,
        runnerUp: standing.runnerUp ?? 0,
        total: standing.total ?? 0,
        margin: standing.margin ?? 0,
        open: openUnits / UNIT,
        cast: count,
        abstained,
        failed,
        pending,
        get votes() {
          return inVoter(() => (cast.length === count ? standing.votes : votesAfter(count)));
        },
      };
    },
  };
};
