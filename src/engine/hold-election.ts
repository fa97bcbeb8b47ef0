import type { Subscriber } from 'rxjs';
import type { StopRule } from '../domain/execution.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Tally } from '../domain/tally.ts';
import type { Voter } from '../domain/voter.ts';
import { Election } from '../strategies/voting/election.ts';
import { SlimSubscriber } from './slim-subscriber.ts';

/** What is made of an election, for one subscriber. */
export interface Conclusion<Answer, Result> {
  /** Receives the tally after each outcome. Without it, a tally is only taken when a stop rule needs one. */
  tallied?(tally: Tally<Answer>): void;
  /** Makes the result of the final tally. */
  conclude(tally: Tally<Answer>): Result;
  /** Makes the error that the subscriber receives. */
  explain(error: unknown): unknown;
}

/** An election: its voter, its stop rule and the subscriber of its result. */
export interface ElectionOf<Answer, Result> {
  readonly voter: Voter;
  /** The ids of the models that will have an outcome; `undefined` if unknown. */
  readonly panel: readonly string[] | undefined;
  readonly stopRule: StopRule | undefined;
  readonly subscriber: Subscriber<Result>;
  readonly conclusion: Conclusion<Answer, Result>;
}

/**
 * Returns the subscriber of the outcomes of one election, to be subscribed to their source. `undefined` if the voter
 * cannot begin; then the election's subscriber has received the error.
 *
 * It is `vote`, `stopWhen` and `last` in one: every prediction goes through it, and the three operators cost several
 * times as much.
 */
export const holdElection = <Answer, Result>(
  parts: ElectionOf<Answer, Result>,
): Subscriber<Outcome<Answer>> | undefined => {
  const { voter, panel, subscriber, conclusion } = parts;
  let election: Election<Answer>;
  try {
    election = new Election(voter, panel);
  } catch (error) {
    subscriber.error(conclusion.explain(error));
    return undefined;
  }
  const held = new HeldElection(election, parts);
  subscriber.add(held);
  return held;
};

/** A class, because every prediction makes one: closures cost twice as much. */
class HeldElection<Answer, Result> extends SlimSubscriber<Outcome<Answer>> {
  readonly #election: Election<Answer>;
  readonly #stopRule: StopRule | undefined;
  readonly #subscriber: Subscriber<Result>;
  readonly #conclusion: Conclusion<Answer, Result>;

  constructor(election: Election<Answer>, { stopRule, subscriber, conclusion }: ElectionOf<Answer, Result>) {
    super();
    this.#election = election;
    this.#stopRule = stopRule;
    this.#subscriber = subscriber;
    this.#conclusion = conclusion;
  }

  override next(outcome: Outcome<Answer>): void {
    if (this.closed) return;
    try {
      this.#election.add(outcome);
      const conclusion = this.#conclusion;
      if (this.#stopRule === undefined && conclusion.tallied === undefined) return;
      const tally = this.#election.tally();
      conclusion.tallied?.(tally);
      if (!this.closed && this.#stopRule?.(tally)) this.#announce(tally);
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

  /** Cancels the calls in flight first, so that nothing is in flight when the result arrives. */
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
