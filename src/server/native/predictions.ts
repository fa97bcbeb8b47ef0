import { isObject } from '../../domain/is-object.ts';
import type { Prediction } from '../../domain/prediction.ts';
import type { Conversation, Query } from '../../domain/request.ts';
import { explain } from '../../metrics/explain.ts';
import { chosenPanel, namesOfModels } from '../chosen-panel.ts';
import type { Asked, Dialect, JsonObject } from '../dialect.ts';
import { aFlag, aNumber, aText, checkFields, requireFields } from '../fields.ts';
import { openAIError } from '../openai-error.ts';
import { errorOnWire, eventOnWire, predictionOnWire } from '../wire-form.ts';

interface AskedNatively extends Asked {
  /** Whether the response says in sentences why the answer won. */
  readonly isExplained: boolean;
}

const explanationOf = ({ isExplained }: AskedNatively, prediction: Prediction): JsonObject =>
  isExplained ? { explanation: explain(prediction).text } : {};

/** The library's own words: a query in, a prediction or its events out. */
export const predictions: Dialect<AskedNatively> = {
  read(body): AskedNatively {
    checkFields(body, {
      model: aText,
      query: (value) =>
        typeof value === 'string' || isObject(value) ? undefined : 'a question, or an object with messages',
      stream: aFlag,
      explain: aFlag,
      deadlineMs: aNumber(1, Number.MAX_SAFE_INTEGER),
      models: namesOfModels,
      writer: aText,
    });
    requireFields(body, ['model', 'query']);
    const {
      model,
      query,
      stream,
      explain: isExplained,
      deadlineMs,
    } = body as {
      readonly model: string;
      readonly query: Query;
      readonly stream?: boolean | null;
      readonly explain?: boolean | null;
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
      ...((body.models ?? body.writer) !== undefined && {
        chosen: chosenPanel(body.models, body.writer, { models: 'models', writer: 'writer' }),
      }),
      isStreamed: stream === true,
      isExplained: isExplained === true,
    };
  },
  write: (asked, prediction) => ({ ...predictionOnWire(prediction), ...explanationOf(asked, prediction) }),
  stream: (asked) => ({
    begin: () => [],
    event: (event) => [
      {
        event: event.type,
        data: {
          ...eventOnWire(event),
          ...(event.type === 'complete' && explanationOf(asked, event.prediction)),
        },
      },
    ],
    // `error` and not `failure`, which is the event of a failed member. The response began with status 200.
    fail: (error) => [{ event: 'error', data: errorOnWire(error) }],
  }),
  error: openAIError,
};
