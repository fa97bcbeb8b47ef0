import type { AttemptListener } from './attempt.ts';

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
  readonly [attempts]?: AttemptListener | undefined;
}

/**
 * Where a request says who keeps account of its attempts: a symbol, so that it goes along when a request is
 * spread, and does not when it is written as JSON, cloned, or sent.
 */
export const attempts: unique symbol = Symbol('attempts');
