import { defer, map, type OperatorFunction } from 'rxjs';
import type { Outcome } from '../domain/outcome.ts';
import type { Tally } from '../domain/tally.ts';
import type { Voter } from '../domain/voter.ts';
import { Election } from '../strategies/voting/election.ts';

/**
 * The tally after each outcome: a running count, with nothing to wait for.
 *
 * ```text
 * source     --4-----4--5-----|
 *              vote(majority())
 * result     --a-----b--c-----|      a: 1 of 1, b: 2 of 2, c: 2 of 3
 * ```
 *
 * Each tally is a value of its own and stays as it is. That needs the votes: memory grows with them.
 *
 * @param voter counts the votes; its state is made anew for each subscription.
 * @param panel the ids of the models that will be heard, so that tallies know what is `pending` and
 * `open`; without it both are infinite, and no rule that depends on them ever stops.
 *
 * @example
 * ```ts
 * import { lastValueFrom, map, mergeMap, toArray } from 'rxjs';
 *
 * const outcomes$ = createEnsemble({
 *   models: ['4', '4', '5'].map((text, index) => defineModel(`model-${index}`, () => text)),
 * }).predict$('What is 2 + 2?').pipe(mergeMap(({ outcomes }) => outcomes));
 * const shares = await lastValueFrom(outcomes$.pipe(vote(majority()), map((tally) => tally.lead), toArray()));
 * shares; // => [1, 2, 2]
 * ```
 */
export const vote =
  <Answer>(voter: Voter, panel?: readonly string[]): OperatorFunction<Outcome<Answer>, Tally<Answer>> =>
  (source) =>
    defer(() => {
      const election = new Election<Answer>(voter, panel);
      return source.pipe(
        map((outcome) => {
          election.add(outcome);
          return election.tally();
        }),
      );
    });
