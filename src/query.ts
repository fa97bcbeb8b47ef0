import { ConfigError } from './errors.ts';
import { shown } from './options.ts';
import type { AttemptListener } from './outcome.ts';

/** One turn of a conversation. */
export interface Message {
  readonly role: 'user' | 'assistant';
  readonly content: string;
}

/** A conversation to be answered: an optional system prompt and its turns, the last of them the question. */
export interface Conversation {
  readonly system?: string;
  readonly messages: readonly Message[];
}

/** What is asked: a question, or a conversation whose last turn is the question. */
export type Query = string | Conversation;

/** A query as a model receives it. */
export interface ModelRequest extends Conversation {
  /** The question itself: the content of the last turn. */
  readonly prompt: string;
  /** The JSON Schema that the answer is to fit, where the normalization has one. */
  readonly answerSchema?: Readonly<Record<string, unknown>>;
  /** Whether somebody watches: a model that can stream then emits deltas before its response. */
  readonly wantsDeltas?: boolean;
  /** Which of several samples of the same model this call is, from 0. */
  readonly sample?: number;
  /** Who keeps account of the attempts that policies make of one call. */
  readonly [attempts]?: AttemptListener;
}

/**
 * Where a request says who keeps account of its attempts: a symbol, so that it goes along when a request is
 * spread, and does not when it is written as JSON, cloned, or sent.
 */
export const attempts: unique symbol = Symbol('attempts');

const isConversation = (query: unknown): query is Conversation =>
  typeof query === 'object' &&
  query !== null &&
  'messages' in query &&
  Array.isArray(query.messages) &&
  typeof query.messages.at(-1)?.content === 'string';

/**
 * The request that a query makes; a request is a query too, and stays as it is.
 *
 * @throws {ConfigError} for what is no query.
 */
export const toRequest = (query: Query | ModelRequest): ModelRequest => {
  if (typeof query === 'string') return { prompt: query, messages: [{ role: 'user', content: query }] };
  if (!isConversation(query)) {
    throw new ConfigError([
      `predict: the query must be a text, or { messages } whose last one is the question, but got ${shown(query)}`,
    ]);
  }
  return 'prompt' in query ? query : { ...query, prompt: query.messages.at(-1)?.content ?? '' };
};
