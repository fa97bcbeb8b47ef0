import type { JsonObject } from './dialect.ts';
import type { HttpError } from './request-refusal.ts';

/** An error in the shape of OpenAI. */
export const openAIError = ({ message, type, code, param }: HttpError): JsonObject => ({
  error: { message, type, code, param: param ?? null },
});

/**
 * The same within a stream, which has begun with status 200: the code is the status, and the type says what failed. The AI SDK
 * reads whether to ask again from a code of three digits, and takes each other word for a status of 500.
 */
export const streamError = (error: HttpError): JsonObject =>
  openAIError({ ...error, type: error.code, code: String(error.status) });
