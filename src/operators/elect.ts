import { Observable, type OperatorFunction, type Subscriber } from 'rxjs';
import type { StopRule } from '../domain/execution.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Tally } from '../domain/tally.ts';
import type { Voter } from '../domain/voter.ts';
import type { Conclusion } from '../engine/conclude.ts';
import { SlimSubscriber } from '../engine/slim-subscriber.ts';
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
    new Observable((subscriber) => holdElection(source, options, subscriber, asItIs));

const asItIs = {
  conclude: <Answer>(tally: Tally<Answer>): Tally<Answer> => tally,
  explain: (error: unknown): unknown => error,
};

/**
 * Holds one election for one subscriber, who gets what is concluded from the final tally, or the error
 * that came, as it is explained. A prediction is this and nothing around it: an operator more for each
 * of these steps costs as much as the election.
 */
export const holdElection = <Answer, Result>(
  source: { subscribe(outcomes: Subscriber<Outcome<Answer>>): unknown },
  { voter, stopWhen = never(), panel }: ElectOptions,
  subscriber: Subscriber<Result>,
  conclusion: Conclusion<Answer, Result>,
): void => {
  let election: Election<Answer>;
  try {
    election = new Election(voter, panel);
  } catch (error) {
    subscriber.error(conclusion.explain(error));
    return;
  }
  const held = new HeldElection(election, stopWhen, subscriber, conclusion);
  subscriber.add(held);
  source.subscribe(held);
};

/** Whoever hears the outcomes. A class, since there is one for every prediction: closures cost twice as much. */
class HeldElection<Answer, Result> extends SlimSubscriber<Outcome<Answer>> {
  readonly #election: Election<Answer>;
  readonly #stopWhen: StopRule;
  readonly #subscriber: Subscriber<Result>;
  readonly #conclusion: Conclusion<Answer, Result>;

  constructor(
    election: Election<Answer>,
    stopWhen: StopRule,
    subscriber: Subscriber<Result>,
    conclusion: Conclusion<Answer, Result>,
  ) {
    super();
    this.#election = election;
    this.#stopWhen = stopWhen;
    this.#subscriber = subscriber;
    this.#conclusion = conclusion;
  }

  override next(outcome: Outcome<Answer>): void {
    if (this.closed) return;
    try {
      this.#election.add(outcome);
      const { heard } = this.#conclusion;
      if (this.#stopWhen === never() && heard === undefined) return;
      const tally = this.#election.tally();
      heard?.(tally);
      if (!this.closed && this.#stopWhen(tally)) this.#announce(tally);
    } catch (error) {
      this.#fail(error);
    }
  }

  override error(error: unknown): void {
    if (!this.closed) this.#fail(error);
  }

  override complete(): void {
    if (this.closed) return;
    try {
      this.#announce(this.#election.tally());
    } catch (error) {
      this.#fail(error);
    }
  }

  #announce(tally: Tally<Answer>): void {
    this.unsubscribe();
    this.#subscriber.next(this.#conclusion.conclude(tally));
    this.#subscriber.complete();
  }

  #fail(error: unknown): void {
    this.unsubscribe();
    this.#subscriber.error(this.#conclusion.explain(error));
  }
}
