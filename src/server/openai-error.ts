import type { JsonObject } from './dialect.ts';
import type { HttpError } from './request-refusal.ts';

/** An error in the shape of OpenAI. */
export const openAIError = ({ message, type, code, param = undefined }: HttpError): JsonObject => ({
  error: { message, type, code, param: param ?? null },
});
