import { defer } from 'rxjs';
import { mapPulling } from '../../operators/map-pulling.ts';
import type { JsonObject } from '../dialect.ts';
import { type Exchange, exchangeWithin } from '../exchange.ts';
import { predictions } from '../native/predictions.ts';
import { openAIError } from '../openai-error.ts';
import { admitted } from '../prediction-route.ts';
import { objectOf } from '../read-body.ts';
import { badRequest } from '../request-refusal.ts';
import type { Door, Route } from '../route.ts';
import { written } from '../serve-prediction.ts';
import { toHttpError } from '../to-http-error.ts';
import { type BodyLine, bodyLines } from './body-lines.ts';

const PATH = '/v1/predictions/batch';

/** How many lines of one batch are in flight, or wait to be read by its client. */
const LINES_IN_FLIGHT = 8;

/**
 * The route of many predictions: a line of JSON in, a line of JSON out, in the same order. A line is read only when the client
 * has read the results before it, so that a batch of any size takes the same memory.
 *
 * Each prediction is admitted and charged as if it was asked alone, and a line without a prediction has its `error`. So has the last
 * line, if it does not arrive within `bodyTimeoutMs`. A client that leaves aborts what is in flight.
 */
export const batchRoute: Route = {
  method: 'POST',
  path: PATH,
  error: openAIError,
  async handle(exchange, door) {
    const { body } = exchange.request;
    if (body === null) throw badRequest('the body is empty; send one prediction as JSON on each line');
    const lines = bodyLines(body as ReadableStream<Uint8Array>, door.limits, exchange.signal);
    const results = mapPulling(lines, (line) => defer(() => resultOf(line, exchange, door)), {
      concurrency: LINES_IN_FLIGHT,
      ordered: true,
    })[Symbol.asyncIterator]();
    const encoder = new TextEncoder();
    const stream = new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          const step = await results.next();
          if (step.done !== true) controller.enqueue(encoder.encode(step.value));
          else {
            exchange.end();
            controller.close();
          }
        },
        async cancel() {
          // The signal ends the predictions, so that their calls are charged; unsubscribing would not wait for the account.
          exchange.abort();
          exchange.end();
          await results.return?.();
        },
      },
      { highWaterMark: 1 },
    );
    const headers = {
      'content-type': 'application/jsonl; charset=utf-8',
      // The rest of a body that stalls is not read.
      connection: 'close',
    };
    return new Response(stream, { headers });
  },
};

/** The result of one line, as a line. */
const resultOf = async (line: BodyLine, exchange: Exchange, door: Door): Promise<string> => {
  let isTold = false;
  const within: Exchange = {
    ...exchangeWithin(exchange, String(line.number)),
    end() {
      isTold = true;
    },
  };
  try {
    const prediction = await predictionOf(line, within, door);
    return `${JSON.stringify({ line: line.number, status: 200, prediction })}\n`;
  } catch (error) {
    const failure = toHttpError(error);
    const { id, caller } = within;
    if (!isTold) door.emit({ type: 'refusal', id, route: PATH, caller: caller.name, failure, error });
    return `${JSON.stringify({ line: line.number, status: failure.status, ...openAIError(failure) })}\n`;
  }
};

const predictionOf = async (line: BodyLine, exchange: Exchange, door: Door): Promise<JsonObject> => {
  const asked = predictions.read(objectOf(line.text(), door.limits.maxDepth));
  if (asked.isStreamed) throw badRequest('stream: a line of a batch is no stream; remove it', 'stream');
  return written(await admitted({ path: PATH, dialect: predictions, asked, exchange, door }));
};
