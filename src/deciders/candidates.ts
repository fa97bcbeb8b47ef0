import { answerText } from '../domain/answer-key.ts';
import type { DecisionContext, FinalTally } from '../domain/decider.ts';
import { attachmentsIn, type RequestMessage, writtenIn } from '../domain/message.ts';
import type { Vote } from '../domain/outcome.ts';
import type { Conversation } from '../domain/request.ts';
import { DATA_RULE, dataTags } from '../models/data-tags.ts';
import { drawsFor } from '../models/random.ts';

/** An answer as it is shown, and how many votes it has. */
export interface ShownAnswer {
  readonly text: string;
  readonly count: number;
}

/** An answer that was voted for. */
export interface Candidate extends ShownAnswer {
  readonly speaker: Vote;
}

/** The candidates by the letters under which they are shown. */
export type Lettered = ReadonlyMap<string, Candidate>;

/**
 * Returns the answers that were voted for in an order that depends on the seed and the question alone, so that no place in
 * the panel and no number of votes shows.
 */
export const shuffledCandidates = (
  { groups }: FinalTally,
  { question }: DecisionContext,
  seed: number | string,
): readonly Candidate[] => {
  const draw = drawsFor(`${seed}\n${question}`);
  return groups
    .flatMap((group) => {
      const [speaker] = group;
      return speaker === undefined
        ? []
        : [{ speaker, text: textOfVote(speaker), count: group.length, at: draw() }];
    })
    .sort((one, other) => one.at - other.at);
};

/**
 * Returns the candidates in another order, in which none of them has the same place, and nearly all pairs stand the other
 * way round.
 */
export const otherWayRound = (candidates: readonly Candidate[]): readonly Candidate[] => {
  const reversed = candidates.toReversed();
  const middle = (candidates.length - 1) / 2;
  // Of an odd number, the one in the middle would keep its place.
  return Number.isInteger(middle)
    ? reversed.with(middle, reversed[middle + 1] as Candidate).with(middle + 1, reversed[middle] as Candidate)
    : reversed;
};

/** Gives the candidates letters in the order in which they are shown, so that no model is named. */
export const lettered = (candidates: readonly Candidate[]): Lettered =>
  new Map(candidates.map((candidate, index) => [letterOf(index), candidate]));

/** A to Z, then AA to AZ, and so on. */
const letterOf = (index: number): string =>
  (index < 26 ? '' : letterOf(Math.floor(index / 26) - 1)) + String.fromCharCode(65 + (index % 26));

/** What to ask about the candidates. */
export interface Asking {
  /** The instructions. They are followed by the rule about data. */
  readonly task: string;
  /** The form of the reply. */
  readonly form: string;
  /** Whether it is shown how many votes each candidate has. */
  readonly showsCounts?: boolean;
  /** The right answer, if it is known and shown. */
  readonly rightAnswer?: string | undefined;
}

/** Builds the question about candidates: the question that they answer and the candidates, all of it marked as data. */
export const askingAbout = (
  candidates: ReadonlyMap<string, ShownAnswer>,
  { query }: Pick<DecisionContext, 'query'>,
  { task, form, showsCounts = false, rightAnswer }: Asking,
): Conversation => {
  const { system = '', messages } = query;
  const question = messages.map((message) => written(message, messages.length)).join('\n\n');
  const texts = [...candidates.values()].map(({ text }) => text);
  const tag = dataTags([system, question, ...(rightAnswer === undefined ? [] : [rightAnswer]), ...texts]);
  const counted = [...candidates.values()].reduce((sum, { count }) => sum + count, 0);
  const parts = [
    ...(system === '' ? [] : [tag('instructions', system)]),
    tag('question', question),
    ...(rightAnswer === undefined ? [] : [tag('right-answer', rightAnswer)]),
    ...[...candidates].map(([letter, candidate]) =>
      tag(
        `answer-${letter}`,
        candidate.text,
        showsCounts ? ` given-by="${candidate.count} of ${counted}"` : '',
      ),
    ),
    form,
  ];
  const files = messages.flatMap(({ content }) => attachmentsIn(content));
  const text = parts.join('\n\n');
  return {
    system: `${task} ${DATA_RULE}`,
    messages: [
      { role: 'user', content: files.length === 0 ? text : [{ type: 'text', text }, ...files] } as never,
    ],
  };
};

/** A turn as text; the role is said if there are several. */
const written = ({ role, content }: RequestMessage, turns: number): string =>
  turns === 1 ? writtenIn(content) : `${role}: ${writtenIn(content)}`;

/** The text of a vote as its model wrote it, or its answer if the text is empty, as with calls of tools. */
export const textOfVote = ({ response, answer }: Vote): string => response.text.trim() || answerText(answer);

/** The keys of the answers by the letters under which they were shown. */
export const keysOf = (candidates: Lettered): Readonly<Record<string, string>> =>
  Object.fromEntries([...candidates].map(([letter, { speaker }]) => [letter, speaker.key]));
