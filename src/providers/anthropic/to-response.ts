import { asyncScheduler } from 'rxjs';
import type { ModelError } from '../../domain/errors.ts';
import type { ModelResponse } from '../../domain/model.ts';
import { reportedByProvider, toProviderMetadata } from '../../domain/provider-report.ts';
import type { ToolCall } from '../../domain/tools.ts';
import { asObject } from '../as-object.ts';
import { isInterrupted, toFinishReason, unknownFinishReason } from '../finish-reason.ts';
import { httpError } from '../http-error.ts';
import { errorCode, statusOf } from '../openai-protocol/error-code.ts';
import { hasError } from '../openai-protocol/failure-in.ts';
import type { ReplyHeaders } from '../rate-limits.ts';
import { retryHints } from '../retry-hint.ts';
import { callsAndThoughts, finishOf } from '../tool-calls.ts';
import { convertUsage } from './convert-usage.ts';

/** A message that has been read. Everything but its content is as the API sent it. */
interface ReadMessage {
  readonly text: string;
  readonly toolCalls: readonly ToolCall[];
  /** The reasoning of its thinking blocks; empty if the API does not show it. */
  readonly thoughts: readonly string[];
  readonly stopReason: unknown;
  readonly usage: unknown;
  readonly id: unknown;
  readonly servedBy: unknown;
  readonly requestId: string | null | undefined;
  readonly headers?: ReplyHeaders | undefined;
  /** What was wrong with its content, besides its usage. */
  readonly warnings?: readonly string[];
}

/**
 * Converts a message to a response.
 *
 * @throws {ModelError} if the provider failed while it wrote the message.
 */
export const toResponse = (
  model: string,
  {
    text,
    toolCalls,
    thoughts,
    stopReason,
    usage,
    id,
    servedBy,
    requestId,
    headers,
    warnings = [],
  }: ReadMessage,
): ModelResponse => {
  if (isInterrupted(stopReason)) throw errorInReply(model, { error: { type: stopReason } }, headers);
  const read = convertUsage(usage);
  return {
    text,
    ...callsAndThoughts(toolCalls, thoughts.filter((thought) => thought !== '').join('\n\n')),
    usage: read.usage,
    finishReason: finishOf(toFinishReason(stopReason), toolCalls),
    ...(requestId && { requestId }),
    ...reportedByProvider({
      metadata: toProviderMetadata(id, servedBy, unknownFinishReason(stopReason)),
      warnings: [...warnings, ...read.warnings],
    }),
  };
};

/** Returns the error in a message or an event of a reply with status 200. */
export const errorInReply = (model: string, body: unknown, headers?: ReplyHeaders): ModelError => {
  const status = statusOf(body);
  return httpError(model, {
    status,
    isWithinReply: true,
    body,
    code: errorCode(body),
    ...retryHints({ headers, status, body, nowMs: asyncScheduler.now() }),
  });
};

/** Returns the error in a message or an event. Some gateways leave out that its type is `error`. */
export const failureIn = (model: string, body: unknown, headers?: ReplyHeaders): ModelError | undefined => {
  const { type } = asObject(body);
  const isErrorType = typeof type === 'string' && /(?:^|_)error$/.test(type);
  return isErrorType || hasError(body) ? errorInReply(model, body, headers) : undefined;
};
