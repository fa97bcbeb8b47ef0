import { MalformedResponseError } from '../../domain/errors.ts';
import { isObject } from '../../domain/is-object.ts';
import type { ModelDelta } from '../../domain/model.ts';
import { asObject } from '../as-object.ts';
import { laterReason } from '../finish-reason.ts';
import { joinUsages } from '../join-usage.ts';
import type { ReplyHeaders } from '../rate-limits.ts';
import { type ChoiceText, type Fields, firstChoices, textOf } from './choices.ts';
import { failureIn } from './failure-in.ts';
import { createJoinedCalls } from './joined-calls.ts';
import { type TokenLogprob, tokensIn } from './mean-logprob.ts';
import type { ReadCompletion } from './read-completion.ts';
import { hasEnded, reasonOf } from './reason-of.ts';
import { reasoningIn } from './reasoning.ts';
import { usageIn } from './usage.ts';

/** What one chunk adds to a streamed answer. */
export interface AddedPiece {
  readonly text: string;
  /** The reasoning that came apart from the text. */
  readonly reasoning: string;
  /** The pieces of the arguments of calls. */
  readonly inputs: readonly ModelDelta[];
  /** Whether the chunk has a finish reason. */
  readonly isFinished: boolean;
  /** Whether the chunk has the usage of the answer and no choices, as the last chunk of a stream. */
  readonly isUsageAlone: boolean;
}

/** An answer that is joined from the chunks of a stream. */
export interface StreamedAnswer {
  /**
   * Adds a chunk. An event that has neither a choice nor an error, such as one that keeps a connection alive, adds nothing.
   *
   * @throws {ModelError} if it is an error, or has a text that is not in a choice.
   */
  readonly add: (chunk: unknown) => AddedPiece;
  /**
   * Adds the choices with another index than 0, if no other came: the answer of a server that counts from 1. To be called
   * when there are no more chunks, because those of index 0 may come later.
   *
   * @throws {ModelError} if one of them is an error.
   */
  readonly addOnlyOther: () => readonly AddedPiece[];
  readonly completion: () => ReadCompletion;
}

/** Creates an answer without pieces. Adding a piece takes the same time however long the answer is. */
export const createStreamedAnswer = (model: string, headers?: ReplyHeaders): StreamedAnswer => {
  let text = '';
  let isRefusal = false;
  let finishReason: unknown;
  let reasoning = '';
  const calls = createJoinedCalls();
  const logprobs: TokenLogprob[] = [];
  let usage: unknown;
  let id: unknown;
  let servedBy: unknown;
  let source: TextSource | undefined;
  let others: Fields[] | undefined = [];

  /** Some servers repeat the whole answer at the end, in a message. */
  const textIn = (choice: Fields): ChoiceText => {
    const found = sourceIn(choice);
    if (found === undefined) return NO_TEXT;
    const read = textOf(model, choice[found]);
    const isRepeated = found !== 'delta' && found !== source && text !== '';
    if (isRepeated && read.content === text) return NO_TEXT;
    if (isRepeated || (found === 'message' && text !== '' && read.content.startsWith(text)))
      throw unclear(model);
    if (read.content !== '') source = found;
    return read;
  };

  /** A message at the end repeats what deltas said. */
  const inputsIn = ({ delta, message }: Fields): readonly ModelDelta[] =>
    calls.isEmpty() ? calls.add(delta ?? message) : calls.add(delta);
  const thoughtIn = ({ delta, message }: Fields): string =>
    reasoningIn(reasoning === '' ? (delta ?? message) : delta);

  /** Adds the choices that are read. The rest of a chunk is read for their finish reason. */
  const addChoices = (choices: readonly Fields[], rest: Fields): AddedPiece => {
    let added = '';
    let thought = '';
    const inputs: ModelDelta[] = [];
    let isFinished = false;
    for (const choice of choices) {
      const reason = reasonOf(choice, rest);
      const { content, refusal } = textIn(choice);
      added += content + refusal;
      isRefusal ||= refusal !== '';
      isFinished ||= hasEnded(choice, reason);
      finishReason = laterReason(finishReason, reason);
      logprobs.push(...tokensIn(choice.logprobs));
      text += content + refusal;
      inputs.push(...inputsIn(choice));
      thought += thoughtIn(choice);
    }
    reasoning += thought;
    return { text: added, reasoning: thought, inputs, isFinished, isUsageAlone: false };
  };

  return {
    add: (chunk) => {
      const fields = asObject(chunk);
      const read = firstChoices(fields.choices);
      const failure = failureIn(model, chunk, read, headers);
      if (failure !== undefined) throw failure;
      const choices = choicesIn(model, chunk);
      usage = joinUsages(usage, usageIn(fields));
      id ??= fields.id || undefined;
      servedBy ??= fields.model || undefined;
      if (choices.length === 0) {
        // A finish reason outside of the choices.
        const end = addChoices([{}], fields);
        return { ...end, isUsageAlone: !end.isFinished && isObject(fields.usage) };
      }
      if (read.length === 0) others?.push(fields);
      else others = undefined;
      return addChoices(read, fields);
    },
    addOnlyOther: () => {
      const chunks = others ?? [];
      others = undefined;
      const indexes = new Set(chunks.flatMap(choicesOf).map(({ index }) => index));
      if (indexes.size !== 1) return [];
      return chunks.map((chunk) => {
        const failure = failureIn(model, chunk, choicesOf(chunk), headers);
        if (failure !== undefined) throw failure;
        return addChoices(choicesOf(chunk), chunk);
      });
    },
    completion: () => ({
      text,
      isRefusal,
      finishReason,
      logprobs,
      toolCalls: calls.calls(),
      reasoning,
      usage,
      id,
      servedBy,
    }),
  };
};

const choicesOf = ({ choices }: Fields): readonly Fields[] => (choices as readonly unknown[]).map(asObject);

/** The fields of a choice with its text: of the protocol, and of servers that send whole messages or older completions. */
const SOURCES = ['delta', 'message', 'text'] as const;

type TextSource = (typeof SOURCES)[number];

/** Returns where the text of a choice is; `undefined` if it has none. */
const sourceIn = (choice: Fields): TextSource | undefined =>
  SOURCES.find((name) => {
    const value = choice[name];
    if (!isObject(value)) return typeof value === 'string' && value !== '';
    const { content, text, refusal } = asObject(value);
    return [content, text, refusal].some((part) => (part ?? '') !== '');
  });

const NO_TEXT: ChoiceText = { content: '', refusal: '' };

const unclear = (model: string): MalformedResponseError =>
  new MalformedResponseError(
    model,
    'the stream has messages in place of deltas, and a later one repeats the text',
  );

/** The fields of events with a text that other protocols have. Their text would be lost. */
const TEXTS = ['content', 'text', 'response', 'delta', 'output', 'candidates', 'generated_text'] as const;

/** Returns the choices of a chunk; none if it has no text at all. */
const choicesIn = (model: string, chunk: unknown): readonly unknown[] => {
  const { choices, message, ...rest } = asObject(chunk);
  if (Array.isArray(choices)) return choices;
  const hasText = TEXTS.some((name) => (rest[name] ?? '') !== '') || isObject(message);
  const isList = Array.isArray(chunk) && chunk.length > 0;
  if ((choices ?? undefined) === undefined && !hasText && !isList) return [];
  throw new MalformedResponseError(model, 'the stream has an event that is not a completion chunk', {
    isRetryable: true,
  });
};
