/**
 * The OpenAI chat protocol: requests, responses, chunks, usage and errors as JSON. Shared by the official SDK and by
 * compatible servers.
 */

import { textOf } from '../../domain/message.ts';
import type { ModelRequest } from '../../domain/request.ts';
import { type ResponseFormat, responseFormat } from './response-format.ts';

/** The part of a chat completion request that depends on the query. */
export interface ChatRequest {
  readonly messages: { readonly role: 'system' | 'user' | 'assistant'; readonly content: string }[];
  readonly response_format?: ResponseFormat;
}

/** Converts a request to the fields of a chat completion request. */
export const toChat = ({ system, messages, answerSchema }: ModelRequest): ChatRequest => {
  const format = answerSchema && responseFormat(answerSchema);
  return {
    messages: [
      ...(system === undefined ? [] : [{ role: 'system', content: system } as const]),
      ...messages.map(({ role, content }) => ({
        role: role === 'assistant' ? role : ('user' as const),
        content: textOf(content),
      })),
    ],
    ...(format && { response_format: format }),
  };
};
