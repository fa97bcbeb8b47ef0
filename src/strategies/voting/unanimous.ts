import { internal } from '../../domain/internal.ts';
import type { Vote } from '../../domain/outcome.ts';
import type { Standing, Voter } from '../../domain/voter.ts';
import { checked, oneOf, reading } from '../../options.ts';
import { byWeight, Poll, pollVoter } from './poll.ts';

/** Options of {@link unanimous}. */
export interface UnanimousOptions {
  /**
   * The votes that must agree. `panel`: every member, so that one that fails, abstains or is not asked prevents an answer.
   * `votes`: every vote that was cast; `minResponses` is the minimum number. Default `panel`.
   */
  readonly of?: 'panel' | 'votes';
}

/**
 * The answer that the whole panel agrees on. A single member that dissents, fails or abstains means no answer: `predict`
 * rejects with `NoConsensusError`, which has the votes. There is no answer before the last member has voted.
 *
 * With `earlyStop: 'decided'`, the first member that prevents an agreement ends the vote and cancels the pending calls.
 * Without a known panel, as in `elect` without `panel`, the members that are not asked are not missed.
 *
 * @throws {ConfigError} for invalid options.
 *
 * @example
 * ```ts
 * import { createEnsemble, defineModel, unanimous } from 'crucible-ensemble';
 *
 * const panel = (...texts: string[]) =>
 *   createEnsemble({
 *     models: texts.map((text, index) => defineModel(`model-${index}`, () => text)),
 *     strategy: unanimous(),
 *   });
 * (await panel('yes', 'Yes.').predict('Is 7 prime?')).answer; // => 'yes'
 * await panel('yes', 'no').predict('Is 91 prime?').catch((error) => error.name); // => 'NoConsensusError'
 * await panel('yes', 'yes', '').predict('Is 97 prime?').catch((error) => error.name); // => 'NoConsensusError'
 * ```
 */
export const unanimous = (options: UnanimousOptions = {}): Voter => {
  return reading('unanimous', () => {
    const { of } = checked('unanimous', options, { of: [oneOf(['panel', 'votes'], ''), 'panel'] });
    const voter = {
      ...pollVoter('unanimous', () => new UnanimousPoll(byWeight)),
      [internal]: { threshold: 1, hintOf },
    };
    return of === 'votes' ? voter : { ...voter, tally: tallyOfPanel };
  });
};

/** For answers that agree while a member is missing. */
const hintOf = (votes: Standing['votes']): string | undefined =>
  Object.keys(votes).length === 1
    ? "every member has to agree: use unanimous({ of: 'votes' }) if one may be missing"
    : undefined;

const tallyOfPanel = (
  poll: UnanimousPoll,
  pending = Number.POSITIVE_INFINITY,
  missing = 0,
): UnanimousPoll => {
  poll.missing = missing;
  poll.pending = pending === Number.POSITIVE_INFINITY ? 0 : pending;
  return poll;
};

/** One more vote can end an agreement. No vote can end a disagreement, nor make up for a member that is missing. */
class UnanimousPoll extends Poll {
  /** The members that have ended without a vote, unless these do not matter. */
  missing = 0;
  /** The members without an outcome, unless these do not matter. */
  pending = 0;

  get #isImpossible(): boolean {
    return this.answers > 1 || this.missing > 0;
  }
  override get answer(): unknown {
    return this.pending > 0 || this.#isImpossible ? undefined : super.answer;
  }
  override get leadingVote(): Vote | undefined {
    return this.pending > 0 || this.#isImpossible ? undefined : super.leadingVote;
  }
  override get margin(): number {
    return this.#isImpossible ? Number.POSITIVE_INFINITY : 0;
  }
  /** The share of all members that have to agree, so that it is 1 only for an agreement. */
  override get consensus(): number {
    const { total } = this;
    return total === 0 ? 0 : (super.consensus * total) / (total + this.missing + this.pending);
  }
}
