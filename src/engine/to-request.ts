import { ConfigError } from '../domain/errors.ts';
import { internal } from '../domain/internal.ts';
import { isObject } from '../domain/is-object.ts';
import type { Conversation, ModelRequest, Query } from '../domain/request.ts';
import { shown } from '../options.ts';

const isConversation = (query: unknown): query is Conversation =>
  isObject(query) &&
  'messages' in query &&
  Array.isArray(query.messages) &&
  typeof query.messages.at(-1)?.content === 'string';

/** Has a slot for the internal facts of each call, because a symbol that is added later takes an array of its own. */
const plainRequest = (prompt: string): ModelRequest => ({
  prompt,
  messages: [{ role: 'user', content: prompt }],
  [internal]: undefined,
});

/**
 * The request of a query. A request is a query too, and is returned as it is.
 *
 * @param owner the function that received the query, for the message.
 * @throws {ConfigError} if it is not a query.
 */
export const toRequest = (query: Query | ModelRequest, owner = 'predict'): ModelRequest => {
  if (typeof query === 'string') return plainRequest(query);
  if (!isConversation(query)) {
    throw new ConfigError([
      `${owner}: the query must be a string, or { messages } that end with the question, but got ${shown(query)}`,
    ]);
  }
  return 'prompt' in query ? query : { ...query, prompt: query.messages.at(-1)?.content ?? '' };
};
