import { ConfigError } from '../domain/errors.ts';
import type { Conversation, ModelRequest, Query } from '../domain/request.ts';
import { shown } from '../options.ts';

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
