import { Observable, type OperatorFunction, Subscriber } from 'rxjs';
import { openElection } from '../election.ts';
import type { StopRule } from '../execution.ts';
import type { Outcome } from '../outcome.ts';
import { never } from '../strategies/stopping/never.ts';
import type { Tally } from '../tally.ts';
import type { Voter } from '../voter.ts';

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
 * const outcomes$ = createEnsemble({
 *   models: ['4', '4', '5'].map((text, index) => defineModel(`model-${index}`, () => text)),
 * }).predict$('What is 2 + 2?').pipe(mergeMap(({ outcomes }) => outcomes));
 * const tally = await lastValueFrom(outcomes$.pipe(elect({ voter: majority() })));
 * tally.votes; // => { 4: 2, 5: 1 }
 * ```
 */
export const elect = <Answer>({
  voter,
  stopWhen = never(),
  panel,
}: ElectOptions): OperatorFunction<Outcome<Answer>, Tally<Answer>> => {
  const hearsAll = stopWhen === never();
  return (source) =>
    new Observable((subscriber) => {
      const election = openElection<Answer>(voter, panel);
      const announce = (tally: Tally<Answer>): void => {
        outcomes.unsubscribe();
        subscriber.next(tally);
        subscriber.complete();
      };
      const attempt = (step: () => void): void => {
        try {
          step();
        } catch (error) {
          outcomes.unsubscribe();
          subscriber.error(error);
        }
      };
      const outcomes = new Subscriber<Outcome<Answer>>({
        next: (outcome) =>
          attempt(() => {
            election.add(outcome);
            if (hearsAll) return;
            const tally = election.tally();
            if (stopWhen(tally)) announce(tally);
          }),
        error: (error: unknown) => subscriber.error(error),
        complete: () => attempt(() => announce(election.tally())),
      });
      subscriber.add(outcomes);
      source.subscribe(outcomes);
    });
};
