import type { AttemptListener } from './attempt.ts';
import { internal } from './internal.ts';

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
  /** @internal */
  readonly [internal]?: { readonly attempts: AttemptListener } | undefined;
}

/**
 * Returns the call that a request belongs to, for policies that make several attempts or hold a call back. Absent if
 * the request was not made by an ensemble.
 */
export const attemptListener = (request: ModelRequest): AttemptListener | undefined =>
  request[internal]?.attempts;
