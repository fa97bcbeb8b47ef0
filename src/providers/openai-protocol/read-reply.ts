import type { ModelResponse } from '../../domain/model.ts';
import { providerWarnings, reportedByProvider } from '../../domain/provider-report.ts';
import { asObject } from '../as-object.ts';
import type { Exchange } from '../provider-model.ts';
import { withRateLimits } from '../rate-limits.ts';
import { bounded, readText } from './body.ts';
import { parseJson } from './parse-json.ts';
import { openaiRateLimits } from './rate-headers.ts';
import { readCompletion, toResponse } from './read-completion.ts';
import { readStream } from './read-stream.ts';
import { type HttpReply, requestIdOf } from './reply.ts';
import { usageIn } from './usage.ts';

/** What a server reports of the cost of a call, in USD, and what was wrong with it. */
export interface ReportedCost extends Pick<ModelResponse, 'costUsd'> {
  readonly warnings?: readonly string[];
}

/** How a reply is read. */
export interface ReplyReader extends Pick<Exchange, 'request' | 'emit'> {
  readonly id: string;
  readonly maxResponseBytes: number;
  readonly finish: 'required' | 'optional';
  /** Returns the cost of the call, if the server reports it in its usage. */
  readonly costIn?: (usage: unknown) => ReportedCost;
  /** Closes the connection. */
  readonly close: () => void;
}

/**
 * Reads a reply with status 2xx: an answer in JSON or in a stream. Some servers know only one of them, whatever was asked.
 *
 * @throws {ModelError} if the body is invalid or ends too early. Errors of the transport pass through.
 */
export const readReply = async (reply: HttpReply, reader: ReplyReader): Promise<ModelResponse> => {
  const { id, request, maxResponseBytes, finish, costIn = () => ({}), emit, close } = reader;
  const isExpected = request.wantsDeltas || reply.headers.get('content-type')?.includes('event-stream');
  const { body, isStream } = await peeked(bounded(reply.body, maxResponseBytes), isExpected === true);
  if (!isStream) {
    const completion = parseJson(id, await readText(body));
    const response = readCompletion(id, completion, {
      requestId: requestIdOf(reply) ?? named(asObject(completion).id),
      headers: reply.headers,
    });
    return withRateLimits(withCost(response, costIn(usageIn(completion))), openaiRateLimits(reply.headers));
  }
  const completion = await readStream(id, {
    body,
    headers: reply.headers,
    isFinishOptional: finish === 'optional',
    emit: request.wantsDeltas ? emit : () => undefined,
    close,
  });
  const response = toResponse(completion, requestIdOf(reply) ?? named(completion.id));
  return withRateLimits(withCost(response, costIn(completion.usage)), openaiRateLimits(reply.headers));
};

/**
 * Returns a body, and whether it begins as a stream of events does: with a field or a comment, and not as JSON or HTML do.
 * Servers write errors and whole answers in place of streams, with any content type.
 */
const peeked = async (
  body: AsyncGenerator<Uint8Array>,
  isExpected: boolean,
): Promise<{ readonly body: AsyncGenerator<Uint8Array>; readonly isStream: boolean }> => {
  if (!isExpected) return { body, isStream: false };
  const read: Uint8Array[] = [];
  for (;;) {
    const { done, value } = await body.next();
    if (done) return { body: joined(read, body), isStream: false };
    read.push(value);
    const first = value.find((byte) => byte > SPACE && !BYTE_ORDER_MARK.has(byte));
    if (first === undefined) continue;
    return { body: joined(read, body), isStream: /[a-z:]/i.test(String.fromCharCode(first)) };
  }
};

const SPACE = 0x20;
const BYTE_ORDER_MARK: ReadonlySet<number> = new Set([0xef, 0xbb, 0xbf]);

async function* joined(
  read: readonly Uint8Array[],
  rest: AsyncGenerator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield* read;
  yield* rest;
}

const withCost = (response: ModelResponse, { warnings = [], ...cost }: ReportedCost): ModelResponse => ({
  ...response,
  ...cost,
  ...reportedByProvider({ warnings: [...providerWarnings(response), ...warnings] }, response),
});

const named = (id: unknown): string | undefined => (typeof id === 'string' && id !== '' ? id : undefined);
