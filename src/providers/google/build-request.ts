/**
 * Google's Gemini API: requests, responses, usage and errors as JSON. Shared by Google's current and former SDK.
 */

import { given } from '../../domain/given.ts';
import { textOf } from '../../domain/message.ts';
import type { ModelRequest } from '../../domain/request.ts';
import { answerLimit, type OutputLimit, positiveCount } from '../output-limit.ts';
import type { GoogleOptions } from './options.ts';

/** A turn of the conversation, or the system prompt. */
export interface GoogleContent {
  readonly role: string;
  readonly parts: { readonly text: string }[];
}

/** The body of a request. */
export interface GoogleRequest {
  readonly contents: GoogleContent[];
  readonly systemInstruction?: GoogleContent;
  readonly generationConfig: Readonly<Record<string, unknown>>;
}

/** What limits the output of a call, by `maxOutputTokens` and `generationConfig`. */
export const outputLimit = ({ maxOutputTokens, generationConfig }: GoogleOptions): OutputLimit => ({
  perAnswer: maxOutputTokens ?? positiveCount(generationConfig?.maxOutputTokens),
  answers: positiveCount(generationConfig?.candidateCount) ?? 1,
});

/**
 * Converts a request to the API's. Parameters that are not set are not sent.
 *
 * @throws {InvalidRequestError} if the limit of the request has less than one token for each answer.
 */
export const buildRequest = (request: ModelRequest, settings: GoogleOptions): GoogleRequest => {
  const { system, messages, answerSchema } = request;
  const { id = 'google', temperature, confidence, generationConfig } = settings;
  return {
    contents: messages.map(({ role, content }) => ({
      role: role === 'assistant' ? 'model' : 'user',
      parts: [{ text: textOf(content) }],
    })),
    ...(system !== undefined && { systemInstruction: { role: 'system', parts: [{ text: system }] } }),
    generationConfig: {
      ...generationConfig,
      ...given({
        maxOutputTokens: answerLimit(id, request, outputLimit(settings)),
        temperature,
        responseLogprobs: confidence === 'logprobs' ? true : undefined,
        responseMimeType: answerSchema && 'application/json',
        responseJsonSchema: answerSchema,
      }),
    },
  };
};
