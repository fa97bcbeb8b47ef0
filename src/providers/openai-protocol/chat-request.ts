/**
 * The OpenAI chat protocol: requests, responses, chunks, usage and errors as JSON. Shared by the official SDK and by
 * compatible servers.
 */

import type { ModelRequest } from '../../domain/request.ts';
import { type ChatMessage, chatMessages } from './chat-messages.ts';
import { type ChatTools, chatTools } from './chat-tools.ts';
import { type ResponseFormat, responseFormat } from './response-format.ts';

/** The part of a chat completion request that depends on the query. */
export interface ChatRequest extends ChatTools {
  readonly messages: ChatMessage[];
  readonly response_format?: ResponseFormat;
}

/**
 * Converts a request to the fields of a chat completion request.
 *
 * @throws {InvalidRequestError} for what the protocol cannot express.
 */
export const toChat = (model: string, request: ModelRequest): ChatRequest => {
  const { answerSchema } = request;
  const format = answerSchema && responseFormat(answerSchema);
  return {
    messages: chatMessages(model, request),
    ...chatTools(request, true),
    ...(format && { response_format: format }),
  };
};
