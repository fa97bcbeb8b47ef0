import { formOf } from '../../domain/answer-form.ts';
import type { Vote } from '../../domain/outcome.ts';
import type { Voter } from '../../domain/voter.ts';
import { fromUnits, toUnits } from '../../domain/weight-units.ts';
import { checked, reading, trueOrFalse, wholeNumber } from '../../options.ts';
import { byWeight, type Candidate, Poll, pollVoter } from './poll.ts';

/** Options of {@link toolVote}. */
export interface ToolVoteOptions {
  /**
   * The votes for no call that are enough, from 1, even if more votes are for calls. Two of five make wrong calls rarer.
   * Default: no call wins as any other answer does.
   */
  readonly noCallQuorum?: number;
  /**
   * Whether the winner gives way to an answer with at least two votes that has all its calls and more. Models often make fewer
   * calls than are due. It adds calls: leave it off for tools with side effects. Default `false`.
   */
  readonly takeLarger?: boolean;
}

/**
 * Counts as {@link majority} does, for the answers of {@link toolCalls}, with two rules for their common faults: calls where no
 * call is due, and fewer calls than are due. Answers of other normalizers are counted as usual.
 *
 * `metadata.consensus` is the share of the votes that are for the answer, so it may be below that of another answer. With
 * `takeLarger`, no result is decided before the last call but one.
 *
 * @throws {ConfigError} for invalid options.
 *
 * @example
 * ```ts
 * import { createEnsemble, defineModel, toolVote } from 'crucible-ensemble';
 *
 * const call = (id: string) => ({ toolName: 'roll', input: { sides: 6 }, toolCallId: id });
 * const models = [1, 1, 1, 0, 0].map((calls, index) =>
 *   defineModel(`model-${index}`, () => ({
 *     text: 'Six sides are usual.',
 *     toolCalls: calls === 0 ? [] : [call('1')],
 *   })),
 * );
 * const ensemble = createEnsemble({ models, strategy: toolVote({ noCallQuorum: 2 }) });
 * const { toolCalls, metadata } = await ensemble.predict({
 *   messages: [{ role: 'user', content: 'How many sides has a die?' }],
 *   tools: { roll: { inputSchema: { type: 'object', properties: { sides: { type: 'integer' } } } } },
 * });
 * toolCalls; // => []
 * metadata.votes; // => { 'roll({"sides":6})': 3, 'no call': 2 }
 * ```
 */
export const toolVote = (options: ToolVoteOptions = {}): Voter =>
  reading('toolVote', () => {
    const { noCallQuorum = Number.POSITIVE_INFINITY, takeLarger } = checked('toolVote', options, {
      noCallQuorum: wholeNumber(1),
      takeLarger: [trueOrFalse, false],
    });
    return {
      ...pollVoter('toolVote', () => new ToolPoll(toUnits(noCallQuorum), takeLarger)),
      tally(poll: ToolPoll, pending = Number.POSITIVE_INFINITY) {
        poll.pending = pending;
        return poll;
      },
      faults: (panel) =>
        noCallQuorum > panel.length && noCallQuorum < Number.POSITIVE_INFINITY
          ? [
              `option "noCallQuorum" of toolVote is ${noCallQuorum}, which a panel of ${panel.length} cannot reach; lower it`,
            ]
          : [],
    };
  });

/** The calls of an answer; `undefined` if it is not one of `toolCalls`. */
const callsOf = ({ spokesman }: Candidate): readonly string[] | undefined => formOf(spokesman.answer)?.parts;

const hasCalls = (candidate: Candidate): boolean => (callsOf(candidate)?.length ?? 0) > 0;

/** Whether an answer has some calls, and another one has all of them and more. Both lists are sorted. */
const isPart = (candidate: Candidate, other: Candidate): boolean => {
  const [few = [], many = []] = [callsOf(candidate), callsOf(other)];
  if (few.length === 0 || few.length >= many.length) return false;
  let found = 0;
  for (const call of many) if (call === few[found]) found += 1;
  return found === few.length;
};

/** The votes that a larger answer must have. */
const BACKED = toUnits(2);

/** The candidate that the rules choose, and how many votes may change the choice. */
interface Choice {
  readonly candidate: Candidate | undefined;
  /** In units: fewer votes than these leave the choice as it is, unless the leader changes. */
  readonly stableBelow: number;
  /** Whether no vote can change the choice. */
  readonly isFinal?: boolean;
}

class ToolPoll extends Poll {
  /** The number of calls without an outcome. */
  pending = Number.POSITIVE_INFINITY;
  readonly #quorum: number;
  readonly #takesLarger: boolean;
  #noCall: Candidate | undefined;
  /** Absent after each vote. */
  #choice: Choice | undefined;

  /** @param quorum in units. */
  constructor(quorum: number, takesLarger: boolean) {
    super(byWeight);
    this.#quorum = quorum;
    this.#takesLarger = takesLarger;
  }

  override add(vote: Vote, weight: number): this {
    super.add(vote, weight);
    this.#choice = undefined;
    if (formOf(vote.answer)?.parts.length === 0) this.#noCall = this.candidateOf(vote.key);
    return this;
  }

  get #chosen(): Choice {
    this.#choice ??= this.#choose();
    return this.#choice;
  }

  #choose(): Choice {
    const forNoCall = this.#noCall?.weight ?? 0;
    if (forNoCall >= this.#quorum)
      return { candidate: this.#noCall, stableBelow: Number.POSITIVE_INFINITY, isFinal: true };
    // No call that leads already needs no quorum.
    const toQuorum = this.leader === this.#noCall ? Number.POSITIVE_INFINITY : this.#quorum - forNoCall;
    const { candidate, stableBelow } = this.#enlarged();
    return { candidate, stableBelow: Math.min(stableBelow, toQuorum) };
  }

  /** Continues from the leader to the first of the larger answers, and from that again: one more vote for the last changes nothing. */
  #enlarged(): Choice {
    let candidate = this.leader;
    let stableBelow = Number.POSITIVE_INFINITY;
    const candidates = this.#takesLarger ? [...this.candidates] : [];
    while (this.#takesLarger && candidate !== undefined && hasCalls(candidate)) {
      const part: Candidate = candidate;
      const [first, second] = candidates
        .filter((other) => isPart(part, other))
        .sort((a, b) => (byWeight(a, b) ? -1 : 1));
      if (first === undefined || first.weight < BACKED) {
        // Also an answer that has no vote yet may become a larger one.
        return { candidate, stableBelow: Math.min(stableBelow, BACKED - (first?.weight ?? 0)) };
      }
      stableBelow = Math.min(stableBelow, first.weight - (second?.weight ?? 0));
      candidate = first;
    }
    return { candidate, stableBelow };
  }

  override get answer(): unknown {
    return this.leadingVote?.answer;
  }
  override get leadingVote(): Vote | undefined {
    const { candidate } = this.#chosen;
    return candidate?.wordings?.leadingVote ?? candidate?.spokesman;
  }
  override get confidence(): number | undefined {
    return this.#chosen.candidate?.spokesman.confidence;
  }
  override get lead(): number {
    return fromUnits(this.#chosen.candidate?.weight ?? 0);
  }
  override get runnerUp(): number {
    const { candidate } = this.#chosen;
    return candidate === this.leader ? super.runnerUp : super.lead;
  }
  override get consensus(): number {
    return this.total === 0 ? 0 : this.lead / this.total;
  }
  override get margin(): number {
    const { candidate, stableBelow, isFinal } = this.#chosen;
    if (isFinal) return Number.POSITIVE_INFINITY;
    if (stableBelow <= toUnits(this.pending)) return 0;
    return Math.min(super.margin, candidate?.wordings?.margin ?? Number.POSITIVE_INFINITY);
  }
}
