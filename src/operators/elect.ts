import { Observable, type OperatorFunction, Subscriber } from 'rxjs';
import type { StopRule } from '../domain/execution.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Tally } from '../domain/tally.ts';
import type { Voter } from '../domain/voter.ts';
import { never } from '../strategies/stopping/never.ts';
import { Election } from '../strategies/voting/election.ts';

/** Options of {@link elect}. */
export interface ElectOptions {
  /** Counts the votes; its state is made anew for each subscription. */
  readonly voter: Voter;
  /** When enough has been heard. Default {@link never}. */
  readonly stopWhen?: StopRule;
  /** The ids of the models that will be heard; see {@link vote}. */
  readonly panel?: readonly string[];
}

/**
 * The final tally of an election: exactly one, also when nothing was heard. When the rule stops the
 * election, the source is unsubscribed first, so that by the time the tally arrives nothing is out.
 *
 * ```text
 * source     --4-----4--5-----|
 *              elect({ voter: majority(), stopWhen: decided(), panel: ['a', 'b', 'c'] })
 * result     --------(t|)
 * source ^   --------!
 * ```
 *
 * It is `vote`, `stopWhen` and `last` in one, and takes no tally that nobody asks for: every prediction
 * goes through it, and the three of them cost several times as much.
 *
 * @example
 * ```ts
 * import { lastValueFrom, mergeMap } from 'rxjs';
 *
 * const outcomes$ = createEnsemble({
 *   models: ['4', '4', '5'].map((text, index) => defineModel(`model-${index}`, () => text)),
 * }).predict$('What is 2 + 2?').pipe(mergeMap(({ outcomes }) => outcomes));
 * const tally = await lastValueFrom(outcomes$.pipe(elect({ voter: majority() })));
 * tally.votes; // => { 4: 2, 5: 1 }
 * ```
 */
export const elect =
  <Answer>(options: ElectOptions): OperatorFunction<Outcome<Answer>, Tally<Answer>> =>
  (source) =>
    new Observable((subscriber) => holdElection(source, options, subscriber, (tally) => tally));

/**
 * Holds one election for one subscriber, who gets what `conclude` makes of the final tally, or the error
 * that came, as `explain` puts it. A prediction is this and nothing around it: an operator more for each
 * of these steps costs as much as the election.
 */
export const holdElection = <Answer, Result>(
  outcomes$: Observable<Outcome<Answer>>,
  { voter, stopWhen = never(), panel }: ElectOptions,
  subscriber: Subscriber<Result>,
  conclude: (tally: Tally<Answer>) => Result,
  explain: (error: unknown) => unknown = (error) => error,
): void => {
  let election: Election<Answer>;
  try {
    election = new Election(voter, panel);
  } catch (error) {
    subscriber.error(explain(error));
    return;
  }
  const hearsAll = stopWhen === never();
  const fail = (error: unknown): void => {
    outcomes.unsubscribe();
    subscriber.error(explain(error));
  };
  const announce = (tally: Tally<Answer>): void => {
    outcomes.unsubscribe();
    subscriber.next(conclude(tally));
    subscriber.complete();
  };
  const outcomes = new Subscriber<Outcome<Answer>>({
    next(outcome) {
      try {
        election.add(outcome);
        if (hearsAll) return;
        const tally = election.tally();
        if (stopWhen(tally)) announce(tally);
      } catch (error) {
        fail(error);
      }
    },
    error: fail,
    complete() {
      try {
        announce(election.tally());
      } catch (error) {
        fail(error);
      }
    },
  });
  subscriber.add(outcomes);
  outcomes$.subscribe(outcomes);
};
