import { isObject } from '../domain/is-object.ts';
import { responseMembers } from '../domain/model.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Prediction } from '../domain/prediction.ts';
import type { StreamEvent } from '../domain/stream-event.ts';
import type { JsonObject } from './dialect.ts';
import { openAIError } from './openai-error.ts';
import type { HttpError } from './request-refusal.ts';

/** What a client sees of a response: its documented members, without what a model added. */
const responseOnWire = (response: object): JsonObject =>
  Object.fromEntries(
    responseMembers.flatMap((name) => {
      const value: unknown = Reflect.get(response, name);
      return value === undefined ? [] : [[name, value]];
    }),
  );

const outcomeOnWire = (outcome: Outcome): JsonObject =>
  'response' in outcome ? { ...outcome, response: responseOnWire(outcome.response) } : { ...outcome };

/** A prediction as clients of HTTP see it: without the question, which they have. */
export const predictionOnWire = ({ query: _, system: __, ...prediction }: Prediction): JsonObject => ({
  ...prediction,
  outcomes: prediction.outcomes.map(outcomeOnWire),
});

/** An event of a prediction as clients of HTTP see it. */
export const eventOnWire = (event: StreamEvent): JsonObject => {
  if (event.type === 'complete') return { ...event, prediction: predictionOnWire(event.prediction) };
  if (event.type === 'call-end') return { ...event, outcome: outcomeOnWire(event.outcome) };
  if (event.type === 'response' && isObject(event.response))
    return { ...event, response: responseOnWire(event.response) };
  return { ...event };
};

/** The failure of a stream as clients of HTTP see it. Its response began with status 200. */
export const errorOnWire = (error: HttpError): JsonObject => ({
  error: { ...(openAIError(error).error as JsonObject), status: error.status },
});
