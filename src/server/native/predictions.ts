import { isObject } from '../../domain/is-object.ts';
import type { Conversation, Query } from '../../domain/request.ts';
import type { Asked, Dialect } from '../dialect.ts';
import { aFlag, aNumber, aText, checkFields, requireFields } from '../fields.ts';
import { openAIError } from '../openai-error.ts';
import { eventOnWire, predictionOnWire } from '../wire-form.ts';

/** The library's own words: a query in, a prediction or its events out. */
export const predictions: Dialect = {
  read(body): Asked {
    checkFields(body, {
      model: aText,
      query: (value) =>
        typeof value === 'string' || isObject(value) ? undefined : 'a question, or an object with messages',
      stream: aFlag,
      deadlineMs: aNumber(1, Number.MAX_SAFE_INTEGER),
    });
    requireFields(body, ['model', 'query']);
    const { model, query, stream, deadlineMs } = body as {
      readonly model: string;
      readonly query: Query;
      readonly stream?: boolean | null;
      readonly deadlineMs?: number | null;
    };
    return {
      model,
      // The ensemble checks the query.
      query: (typeof query === 'string'
        ? { messages: [{ role: 'user', content: query }] }
        : query) as Conversation,
      overrides: typeof deadlineMs === 'number' ? { deadlineMs } : {},
      answersJson: false,
      isStreamed: stream === true,
    };
  },
  write: (_asked, prediction) => predictionOnWire(prediction),
  stream: () => ({
    begin: () => [],
    event: (event) => [{ event: event.type, data: eventOnWire(event) }],
    // `error` and not `failure`, which is the event of a failed member.
    fail: (error) => [{ event: 'error', data: openAIError(error) }],
  }),
  error: openAIError,
};
