import { MalformedResponseError } from '../../domain/errors.ts';
import type { ModelResponse } from '../../domain/model.ts';
import { asObject } from '../as-object.ts';
import { toFinishReason } from '../finish-reason.ts';
import type { Fields } from '../openai-protocol/choices.ts';
import { errorInReply, failureIn, hasError } from '../openai-protocol/failure-in.ts';
import { toResponse } from '../openai-protocol/read-completion.ts';
import { toUsage, usageIn } from '../openai-protocol/usage.ts';
import type { ReplyHeaders } from '../rate-limits.ts';
import { type ReadOutput, readOutput } from './read-output.ts';

/** The facts about a reply besides its body. */
interface ReplyNotes {
  readonly requestId?: string | undefined;
  readonly headers?: ReplyHeaders | undefined;
  /** What was streamed of the output. Default: nothing. */
  readonly streamed?: unknown;
}

/**
 * Reads a response of the Responses API. If its own output has neither a text nor a call, that which was streamed is read.
 *
 * @throws {ModelError} if it failed, or is not such a response.
 */
export const readResponse = (
  model: string,
  body: unknown,
  { requestId, headers, streamed }: ReplyNotes = {},
): ModelResponse => {
  const fields = asObject(body);
  const failure = failureOf(model, fields, headers);
  if (failure !== undefined) throw failure;
  const read = joined(readOutput(model, fields.output), readOutput(model, streamed));
  const finishReason = reasonOf(fields, read);
  if (!isAnswer(fields, read, finishReason)) throw notAResponse(model);
  return toResponse(
    {
      ...read,
      finishReason,
      usage: usageIn(fields),
      id: fields.id,
      servedBy: fields.model,
    },
    requestId,
  );
};

/** The output itself, with what only the stream had of it. */
const joined = (output: ReadOutput, streamed: ReadOutput): ReadOutput =>
  isSilent(output) && !isSilent(streamed)
    ? streamed
    : { ...output, reasoning: output.reasoning || streamed.reasoning };

const isSilent = ({ text, toolCalls }: ReadOutput): boolean => text === '' && toolCalls.length === 0;

const failureOf = (model: string, fields: Fields, headers: ReplyHeaders | undefined) => {
  if (!Array.isArray(fields.output) || hasError(fields) || fields.status === 'failed')
    return failureIn(model, fields, [], headers);
  return fields.status === 'cancelled'
    ? errorInReply(model, { error: { code: 'cancelled' } }, headers)
    : undefined;
};

/** Why the model stopped, as a word; a response in the background, which is not written yet, has the word of its status. */
const reasonOf = ({ status, incomplete_details }: Fields, { isCut }: ReadOutput): unknown => {
  const { reason } = asObject(incomplete_details);
  if ((status ?? 'completed') !== 'completed') return status === 'incomplete' ? (reason ?? status) : status;
  if ((reason ?? undefined) !== undefined) return reason;
  return isCut ? 'incomplete' : (status ?? undefined);
};

/** Whether it is an answer: the model wrote something, says why it did not, or is paid for. */
const isAnswer = (fields: Fields, { isThere }: ReadOutput, finishReason: unknown): boolean => {
  const reason = toFinishReason(finishReason);
  const isUnfinished = reason !== undefined && reason !== 'stop';
  return (
    isThere || isUnfinished || (Array.isArray(fields.output) && toUsage(usageIn(fields)).usage !== undefined)
  );
};

const notAResponse = (model: string): MalformedResponseError =>
  new MalformedResponseError(
    model,
    'the response is not one of the Responses API: check "baseURL" and "api"',
  );
