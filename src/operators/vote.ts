import { defer, filter, map, type Observable, type OperatorFunction } from 'rxjs';
import { isOfMember, type Outcome } from '../domain/outcome.ts';
import type { Tally } from '../domain/tally.ts';
import type { Voter } from '../domain/voter.ts';
import { voter as isVoter } from '../engine/option-specs.ts';
import { accepting, anObservable, checked, required, suchThat } from '../options.ts';
import { Election } from '../strategies/voting/election.ts';

/**
 * Emits the tally after each outcome: a running count.
 *
 * ```text
 * source     --4-----4--5-----|
 *              vote(majority())
 * result     --a-----b--c-----|      a: 1 of 1, b: 2 of 2, c: 2 of 3
 * ```
 *
 * A tally does not change when further votes arrive. Memory grows with the votes.
 *
 * @param voter counts the votes. Each subscription has its own state.
 * @param panel the ids of the models that will have an outcome, so that tallies know what is `pending` and `open`. Without
 * it both are infinite, and rules that depend on them never stop.
 *
 * @throws {ConfigError} if the voter is invalid.
 *
 * @example
 * ```ts
 * import { createEnsemble, defineModel, majority } from 'crucible-ensemble';
 * import { vote } from 'crucible-ensemble/operators';
 * import { lastValueFrom, map, mergeMap, toArray } from 'rxjs';
 *
 * const outcomes$ = createEnsemble({
 *   models: ['4', '4', '5'].map((text, index) => defineModel(`model-${index}`, () => text)),
 * }).predict$('What is 2 + 2?').pipe(mergeMap(({ outcomes }) => outcomes));
 * const shares = await lastValueFrom(outcomes$.pipe(vote(majority()), map((tally) => tally.lead), toArray()));
 * shares; // => [1, 2, 2]
 * ```
 */
export const vote = <Answer>(
  voter: Voter,
  panel?: readonly string[],
): OperatorFunction<Outcome<Answer>, Tally<Answer>> => {
  checked(
    'vote',
    { voter, panel },
    { voter: required(isVoter), panel: suchThat('an array of ids', Array.isArray) },
  );
  return accepting('vote', anObservable, (source: Observable<Outcome<Answer>>) =>
    defer(() => {
      const election = new Election<Answer>(voter, panel);
      return source.pipe(
        filter<Outcome<Answer>>(isOfMember),
        map((outcome) => {
          election.add(outcome);
          return election.tally();
        }),
      );
    }),
  );
};
