import { defer, map, type OperatorFunction, startWith } from 'rxjs';
import { returned } from '../domain/foreign.ts';
import type { Outcome, Vote } from '../domain/outcome.ts';
import type { ModelRequest } from '../domain/request.ts';
import type { Tally } from '../domain/tally.ts';
import type { Standing, Voter } from '../domain/voter.ts';
import { fromUnits } from '../domain/weight-units.ts';
import { completeStanding, isComplete } from '../strategies/voting/complete-standing.ts';
import {
  ceilingOf,
  ceilingOfAll,
  refuseNoOutcome,
  userCodeError,
} from '../strategies/voting/foreign-voter.ts';
import { scalarKey } from './scalar-key.ts';

/** Emits the tally before the first outcome and after each: the voter folds the votes, and what is no vote is counted next to them. */
export const countVotes =
  <Answer>(
    voter: Voter,
    panel: readonly string[],
    query: ModelRequest,
  ): OperatorFunction<Outcome<Answer>, Tally<Answer>> =>
  (outcomes$) =>
    defer(() => {
      const guarded = <Result>(work: () => Result): Result => {
        try {
          return returned(work());
        } catch (error) {
          throw userCodeError(voter, error);
        }
      };
      const cast: Vote<Answer>[] = [];
      let state = guarded(() => voter.init(query));
      let openUnits = guarded(() => ceilingOfAll(voter, panel));
      let pending = panel.length;
      let failures = 0;
      let abstentions = 0;
      const standingNow = (): Standing => {
        if (cast.length === 0) return NO_VOTES;
        return guarded(() => {
          const standing = voter.tally(state, Math.max(0, pending), failures + abstentions);
          return isComplete(standing) ? standing : completeStanding(standing, cast, scalarKey);
        });
      };
      const tally = (outcome?: Outcome<Answer>): Tally<Answer> => {
        const {
          answer,
          leadingVote,
          consensus,
          votes,
          lead = 0,
          runnerUp = 0,
          total = 0,
          margin = 0,
          confidence = leadingVote?.confidence,
        } = standingNow();
        const weighsMore = voter.ceiling === undefined && Math.max(lead, runnerUp) > cast.length;
        return {
          outcome,
          leader: answer as Answer | undefined,
          leadingVote: leadingVote as Vote<Answer> | undefined,
          consensus,
          votes,
          confidence,
          lead,
          runnerUp,
          total,
          margin,
          open: pending < 0 || weighsMore ? Number.POSITIVE_INFINITY : fromUnits(openUnits),
          successes: cast.length,
          abstentions,
          failures,
          pending,
          ...(answer === undefined && { confidence: answer, lead: 0, runnerUp: Math.max(lead, runnerUp) }),
        };
      };
      return outcomes$.pipe(
        map((outcome) => {
          refuseNoOutcome(outcome);
          pending -= 1;
          guarded(() => {
            openUnits -= ceilingOf(voter, outcome.model);
          });
          if (outcome.status === 'answered') {
            cast.push(outcome);
            state = guarded(() => voter.add(state, outcome));
          } else if (outcome.status === 'failed') failures += 1;
          else abstentions += 1;
          return tally(outcome);
        }),
        startWith(tally()),
      );
    });

const NO_VOTES: Standing = { answer: undefined, consensus: 0, votes: {} };
