import { firstValueFrom, lastValueFrom, type Observable, race, timer } from 'rxjs';
import { isA } from '../domain/foreign.ts';
import { CancelledError, NoPredictionError } from '../domain/no-prediction.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Prediction } from '../domain/prediction.ts';
import type { Conversation } from '../domain/request.ts';
import type { StreamEvent } from '../domain/stream-event.ts';
import type { EventStream } from '../engine/predict.ts';
import type { Settle } from './callers.ts';
import type { Asked, Dialect, Frame, JsonObject } from './dialect.ts';
import { eventStream, eventStreamHeaders } from './event-stream.ts';
import type { Exchange } from './exchange.ts';
import { type HttpError, RequestRefusal } from './request-refusal.ts';
import type { ServedEvent, ServedPrediction } from './served-event.ts';
import { toHttpError } from './to-http-error.ts';

/** What the server uses of an ensemble. */
export interface ServableEnsemble {
  predict$(query: Conversation, overrides: object): Observable<Prediction>;
  stream(query: Conversation, overrides: object): EventStream<unknown>;
}

/** One prediction for one client. */
export interface Serving<A extends Asked> {
  readonly dialect: Dialect<A>;
  readonly asked: A;
  readonly ensemble: ServableEnsemble;
  readonly exchange: Exchange;
  readonly served: ServedPrediction;
  readonly keepAliveMs: number;
  readonly deadlineMs: number;
  /** Called once at the end, with the calls that were made. Never throws. */
  readonly settle: Settle;
  emit(event: ServedEvent): void;
}

/** Makes one prediction, and returns its response as the dialect writes it. */
export const servePrediction = async <A extends Asked>(serving: Serving<A>): Promise<Response> =>
  serving.asked.isStreamed ? streamed(serving) : whole(serving);

const whole = async <A extends Asked>(serving: Serving<A>): Promise<Response> =>
  Response.json(await written(serving));

/** Makes one prediction, and returns it as the dialect writes it. */
export const written = async <A extends Asked>(serving: Serving<A>): Promise<JsonObject> => {
  const { dialect, asked, ensemble, exchange } = serving;
  try {
    const prediction = await lastValueFrom(ensemble.predict$(asked.query, overridesOf(serving)));
    const body = dialect.write(asked, prediction, factsOf(exchange));
    settled(serving, { prediction });
    return body;
  } catch (error) {
    settled(serving, { failure: failureOf(serving, error), error });
    throw reasonOf(serving, error);
  }
};

/** Streams a prediction. One that fails at once, such as for a blank question, has the status of its error. */
const streamed = async <A extends Asked>(serving: Serving<A>): Promise<Response> => {
  const { asked, ensemble } = serving;
  const events = begun(ensemble.stream(asked.query, overridesOf(serving))[Symbol.asyncIterator]());
  try {
    await firstValueFrom(race(events.first, timer(0)));
  } catch (error) {
    settled(serving, { failure: failureOf(serving, error), error });
    throw reasonOf(serving, error);
  }
  return new Response(eventStream(framesOf(serving, events), serving.keepAliveMs), {
    headers: eventStreamHeaders,
  });
};

type Events = Pick<AsyncIterator<StreamEvent, undefined>, 'next'>;

/** Events of which the first one is on its way. */
const begun = (events: Events): Events & { readonly first: Promise<unknown> } => {
  const first = events.next();
  let next: ReturnType<Events['next']> | undefined = first;
  return {
    first,
    next() {
      const taken = next ?? events.next();
      next = undefined;
      return taken;
    },
  };
};

/**
 * The frames of a stream. A reader that leaves aborts the prediction instead of unsubscribing it, so that the account of its
 * calls arrives, to be charged.
 */
const framesOf = <A extends Asked>(
  serving: Serving<A>,
  events: Events,
): AsyncIterator<readonly Frame[], undefined> => {
  const { dialect, asked, exchange, emit, served } = serving;
  const writer = dialect.stream(asked, factsOf(exchange));
  let hasBegun = false;
  let hasEnded = false;
  const failed = (error: unknown): readonly Frame[] => {
    hasEnded = true;
    const failure = failureOf(serving, error);
    settled(serving, { failure, error });
    return writer.fail(failure);
  };
  const toFrames = (event: StreamEvent): readonly Frame[] => {
    emit({ type: 'event', served, event });
    if (event.type === 'complete') {
      hasEnded = true;
      settled(serving, { prediction: event.prediction });
    }
    return writer.event(event);
  };
  return {
    async next() {
      if (hasEnded) return done;
      try {
        if (!hasBegun) {
          hasBegun = true;
          return { done: false, value: writer.begin() };
        }
        const { done: isLast, value } = await events.next();
        return isLast === true ? done : { done: false, value: toFrames(value) };
      } catch (error) {
        return hasEnded ? done : { done: false, value: failed(error) };
      }
    },
    async return() {
      if (hasEnded) return done;
      exchange.abort();
      try {
        for (;;) {
          const { done: isLast, value } = await events.next();
          if (isLast === true) break;
          toFrames(value);
        }
      } catch (error) {
        failed(error);
      }
      return done;
    },
  };
};

const done = { done: true, value: undefined } as const;

const overridesOf = <A extends Asked>({ asked, exchange, deadlineMs }: Serving<A>): object => ({
  ...asked.overrides,
  deadlineMs: Math.min(deadlineMs, asked.overrides.deadlineMs ?? Number.POSITIVE_INFINITY),
  signal: exchange.signal,
  telemetryMetadata: { requestId: exchange.id },
});

const factsOf = ({ id, startedAt }: Exchange): { id: string; createdS: number } => ({
  id,
  createdS: Math.floor(startedAt.getTime() / 1000),
});

const settled = <A extends Asked>(
  { emit, served, exchange, settle }: Serving<A>,
  result: { readonly prediction: Prediction } | { readonly failure: HttpError; readonly error: unknown },
): void => {
  settle('prediction' in result ? result.prediction.outcomes : outcomesIn(result.error));
  emit({ type: 'end', served, latencyMs: exchange.elapsedMs(), ...result });
  exchange.end();
};

const outcomesIn = (error: unknown): readonly Outcome[] =>
  isA(error, NoPredictionError) ? error.outcomes : [];

const failureOf = <A extends Asked>(serving: Serving<A>, error: unknown): HttpError =>
  toHttpError(reasonOf(serving, error));

/** Why there is no prediction: a server that closes says so, instead of that the prediction was cancelled. */
const reasonOf = <A extends Asked>({ exchange: { signal } }: Serving<A>, error: unknown): unknown =>
  isA(error, CancelledError) && isA(signal.reason, RequestRefusal) ? signal.reason : error;
