import type { ModelResponse } from '../../domain/model.ts';
import { providerWarnings, reportedByProvider } from '../../domain/provider-report.ts';
import { drain } from '../drain.ts';
import type { Exchange } from '../provider-model.ts';
import { withRateLimits } from '../rate-limits.ts';
import { type Body, bounded, readText } from './body.ts';
import { createJsonEndSeeker, createKindSeeker } from './body-kind.ts';
import { parseJson } from './parse-json.ts';
import { openaiRateLimits } from './rate-headers.ts';
import { type HttpReply, requestIdOf } from './reply.ts';
import type { ReplyFormat } from './reply-format.ts';

/** What a server reports of the cost of a call, in USD, and what was wrong with it. */
export interface ReportedCost extends Pick<ModelResponse, 'costUsd'> {
  readonly warnings?: readonly string[];
}

/** How a reply is read. */
export interface ReplyReader extends Pick<Exchange, 'request' | 'emit'> {
  readonly id: string;
  readonly maxResponseBytes: number;
  readonly finish: 'required' | 'optional';
  readonly format: ReplyFormat;
  /** Returns the cost of the call, if the server reports it in its usage. */
  readonly costIn?: (usage: unknown) => ReportedCost;
  /** Closes the connection. */
  readonly close: () => void;
}

/**
 * Reads a reply with status 2xx: an answer in JSON or in a stream. Some servers support only one of them.
 *
 * @throws {ModelError} if the body is invalid or ends too early. Errors of the transport pass through.
 */
export const readReply = async (reply: HttpReply, reader: ReplyReader): Promise<ModelResponse> => {
  const { id, request, maxResponseBytes, finish, format, costIn, emit, close } = reader;
  const { headers } = reply;
  const isNamed = /\bevent-stream\b/i.test(headers.get('content-type') ?? '');
  const isExpected = request.wantsDeltas === true || isNamed;
  const body = bounded(reply.body, maxResponseBytes);
  const isStream = await isStreamIn(body, isExpected);
  const answer = isStream
    ? await format.readStream(id, {
        body,
        headers,
        isFinishOptional: finish === 'optional',
        emit: request.wantsDeltas ? emit : () => undefined,
        close,
      })
    : format.readWhole(
        id,
        parseJson(id, withoutPadding(await readText(isExpected ? untilJsonEnds(body, close) : body))),
        headers,
      );
  const response = answer.toResponse(requestIdOf(reply) ?? named(answer.id));
  const priced = costIn === undefined ? response : withCost(response, costIn(answer.usage));
  return withRateLimits(priced, openaiRateLimits(headers));
};

/** Whether a body is a stream of events, by its beginning. */
const isStreamIn = async (body: Body, isExpected: boolean): Promise<boolean> => {
  const isStreamWith = createKindSeeker(isExpected);
  const read: Uint8Array[] = [];
  let isStream: boolean | undefined;
  while (isStream === undefined) {
    const { done, value } = await body.next();
    if (done) break;
    read.push(value);
    isStream = isStreamWith(value);
  }
  body.putBack(read);
  return isStream === true;
};

/** Returns the chunks of JSON in place of a stream, whose server may leave the connection open. */
async function* untilJsonEnds(body: Body, close: () => void): AsyncGenerator<Uint8Array> {
  const isAtEndWith = createJsonEndSeeker();
  // Not a loop over the body, which would close the connection before the rest of it is read.
  for (;;) {
    const { done, value } = await body.next();
    if (done) return;
    yield value;
    if (!isAtEndWith(value)) continue;
    drain(body, close);
    return;
  }
}

/** Some servers write comments before JSON, to keep the connection alive, and zero bytes after it. */
const withoutPadding = (text: string): string => {
  const json = text.startsWith('{') ? text : text.replace(/^(?:\s|\uFEFF|:[^\r\n]*)+/, '');
  let end = json.length;
  while (end > 0 && json.charCodeAt(end - 1) <= 0x20) end -= 1;
  return json.slice(0, end);
};

const withCost = (response: ModelResponse, { warnings = [], ...cost }: ReportedCost): ModelResponse => ({
  ...response,
  ...cost,
  ...reportedByProvider({ warnings: [...providerWarnings(response), ...warnings] }, response),
});

const named = (id: unknown): string | undefined => (typeof id === 'string' && id !== '' ? id : undefined);
