import type { ModelRequest } from '../../domain/request.ts';
import { type ResponseFormat, responseFormat } from './response-format.ts';

/** One turn, as a chat completion is asked with it. */
export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** The part of a chat completion's request that comes from what is asked. */
export interface AskedChat {
  readonly messages: ChatMessage[];
  readonly response_format?: ResponseFormat;
}

/** A request in the words of a chat completion. */
export const toChat = ({ system, messages, answerSchema }: ModelRequest): AskedChat => {
  const format = answerSchema && responseFormat(answerSchema);
  return {
    messages: [
      ...(system === undefined ? [] : [{ role: 'system', content: system } as const]),
      ...messages.map(({ role, content }) => ({ role, content })),
    ],
    ...(format && { response_format: format }),
  };
};
