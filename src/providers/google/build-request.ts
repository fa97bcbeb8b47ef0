/**
 * Google's Gemini API: requests, responses, usage and errors as JSON. Shared by Google's current and former SDK.
 */

import { given } from '../../domain/given.ts';
import type { ModelRequest } from '../../domain/request.ts';
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

/** Converts a request to the API's. Parameters that are not set are not sent. */
export const buildRequest = (
  { system, messages, answerSchema }: ModelRequest,
  { maxOutputTokens, temperature, confidence, generationConfig }: GoogleOptions,
): GoogleRequest => ({
  contents: messages.map(({ role, content }) => ({
    role: role === 'assistant' ? 'model' : 'user',
    parts: [{ text: content }],
  })),
  ...(system !== undefined && { systemInstruction: { role: 'system', parts: [{ text: system }] } }),
  generationConfig: {
    ...generationConfig,
    ...given({
      maxOutputTokens,
      temperature,
      responseLogprobs: confidence === 'logprobs' ? true : undefined,
      responseMimeType: answerSchema && 'application/json',
      responseJsonSchema: answerSchema,
    }),
  },
});
