import { EMPTY, expand, forkJoin, last, map, type Observable, of } from 'rxjs';
import type { Decider, DecisionContext, FinalTally, Verdict } from '../domain/decider.ts';
import type { StopRule } from '../domain/execution.ts';
import type { Message } from '../domain/message.ts';
import { type Abstention, abstain } from '../domain/normalizer.ts';
import { inPanelOrder, type Outcome, type Vote } from '../domain/outcome.ts';
import type { Conversation, ModelRequest } from '../domain/request.ts';
import { DATA_RULE, dataTags } from '../models/data-tags.ts';
import { checked, reading, suchThat } from '../options.ts';
import { textOfVote } from './candidates.ts';
import { isSettled, unlessSpec } from './unless.ts';

/** Options of {@link debate}. */
export interface DebateOptions {
  /** The maximum number of rounds, from 1 to 10. Default 2. */
  readonly rounds?: number;
  /** When there is no further round. Default: as soon as one answer has more than half of the votes. */
  readonly unless?: StopRule;
}

/**
 * A decider that lets the members see each other's answers and change their own, round by round, until one answer has more
 * than half of the votes. The answers have no names. A member whose call fails or does not count keeps its last answer.
 *
 * ```text
 * votes    a b c|
 * round 1        ^--(a b b)|      c has seen a and b, and changed its answer
 * verdict                   b
 * ```
 *
 * Costs one call of each member that voted for each round, and each prompt has all answers. `metadata.consensus` stays that of
 * the first votes, before a member knew of another; `metadata.decision.details` has the votes after each round.
 *
 * A debate helps if members know different things, and hurts if one of them is wrong and persuasive: compare it with the
 * votes alone before you use it.
 *
 * Source: Du et al., Improving factuality and reasoning in language models through multiagent debate, 2023.
 *
 * @throws {ConfigError} for options out of range.
 *
 * @example
 * ```ts
 * import { createEnsemble, defineModel } from 'crucible-ensemble';
 * import { debate } from 'crucible-ensemble/deciders';
 *
 * const stubborn = ['Lyon', 'Paris'].map((city) => defineModel(city, () => city));
 * const open = defineModel('open', (prompt) => (prompt.includes('Paris') ? 'Paris' : 'Nice'));
 * const ensemble = createEnsemble({ models: [...stubborn, open], decide: debate() });
 * const { answer, metadata } = await ensemble.predict('Where is the Louvre?');
 * answer; // => 'paris'
 * metadata.decision?.details; // => { rounds: [{ lyon: 1, paris: 2 }] }
 * ```
 */
export const debate = (options: DebateOptions = {}): Decider =>
  reading('debate', () => {
    const { rounds, unless } = checked('debate', options, {
      rounds: [suchThat('an integer from 1 to 10', (value) => ROUNDS.includes(value as number)), 2],
      unless: unlessSpec,
    });
    return {
      name: 'debate',
      decide(tally, context) {
        if (isSettled('debate', unless, tally)) return undefined;
        const start: Round = { votes: votesIn(tally), tally, before: [] };
        return of(start).pipe(
          expand((round) =>
            round.before.length >= rounds || (round !== start && isSettled('debate', unless, round.tally))
              ? EMPTY
              : nextRound(round, context),
          ),
          last(),
          map((round) => verdictOf(round, tally)),
        );
      },
    };
  });

const ROUNDS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

/** The votes after a round. */
interface Round {
  readonly votes: readonly Vote[];
  readonly tally: FinalTally;
  /** The votes per answer after each round, this one included. */
  readonly before: readonly FinalTally['votes'][];
}

const votesIn = ({ groups }: FinalTally): readonly Vote[] => inPanelOrder(groups.flat());

const nextRound = ({ votes, before }: Round, context: DecisionContext): Observable<Round> =>
  forkJoin(votes.map((vote) => heard(vote, votes, context))).pipe(
    map((changed) => {
      const tally = context.count(changed);
      return { votes: changed, tally, before: [...before, tally.votes] };
    }),
  );

/** Asks a member again. Emits its new vote, or its last one if its call has none. */
const heard = (
  vote: Vote,
  votes: readonly Vote[],
  { models, query, call }: DecisionContext,
): Observable<Vote> => {
  const model = models.find(({ id }) => id === vote.model);
  if (model === undefined) return of(vote);
  const others = votes.filter((other) => other !== vote);
  return call(model, reconsidering(query, vote, others), { role: 'debater' }).pipe(
    map((outcome: Outcome): Vote => {
      if (outcome.status !== 'answered') return vote;
      const { role: _, ...changed } = outcome;
      return { ...changed, index: vote.index };
    }),
  );
};

/** The conversation of the query, the answer of the member, and the answers of the others. */
const reconsidering = (query: ModelRequest, own: Vote, others: readonly Vote[]): Conversation => {
  const { system, messages, settings, tools, toolChoice } = query;
  const texts = others.map(textOfVote);
  const tag = dataTags(texts);
  const request = [
    `Others were asked the same. Their answers are below. ${DATA_RULE}`,
    ...texts.map((text, index) => tag(`answer-${index + 1}`, text)),
    'Compare them with your answer. Keep it if you are still sure, and change it if another one is right. Answer the question again, in the form that it asks for.',
  ].join('\n\n');
  return {
    ...(system !== undefined && { system }),
    ...(settings !== undefined && { settings }),
    ...(tools !== undefined && { tools }),
    ...(toolChoice !== undefined && { toolChoice }),
    messages: [
      ...(messages as readonly Message[]),
      { role: 'assistant', content: textOfVote(own) },
      { role: 'user', content: request },
    ],
  };
};

const verdictOf = ({ tally, before }: Round, { groups }: FinalTally): Verdict | Abstention => {
  const { leader, leadingVote } = tally;
  if (leader === undefined || leadingVote === undefined) return abstain('the debate ended without a winner');
  const details = { rounds: before };
  return groups.some(([speaker]) => speaker?.key === leadingVote.key)
    ? { key: leadingVote.key, details }
    : { answer: leader, text: textOfVote(leadingVote), details };
};
