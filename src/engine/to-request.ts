import { ConfigError } from '../domain/errors.ts';
import { internal } from '../domain/internal.ts';
import type { Conversation, ModelRequest, Query } from '../domain/request.ts';
import { shown } from '../options.ts';

const isConversation = (query: unknown): query is Conversation =>
  typeof query === 'object' &&
  query !== null &&
  'messages' in query &&
  Array.isArray(query.messages) &&
  typeof query.messages.at(-1)?.content === 'string';

/** With a place for who keeps account, which is filled for each call: added later, it takes an array of its own. */
const plainRequest = (prompt: string): ModelRequest => ({
  prompt,
  messages: [{ role: 'user', content: prompt }],
  [internal]: undefined,
});

/**
 * The request that a query makes; a request is a query too, and stays as it is.
 *
 * @throws {ConfigError} for what is no query.
 */
export const toRequest = (query: Query | ModelRequest): ModelRequest => {
  if (typeof query === 'string') return plainRequest(query);
  if (!isConversation(query)) {
    throw new ConfigError([
      `predict: the query must be a text, or { messages } whose last one is the question, but got ${shown(query)}`,
    ]);
  }
  return 'prompt' in query ? query : { ...query, prompt: query.messages.at(-1)?.content ?? '' };
};
