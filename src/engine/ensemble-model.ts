import { catchError, map, type Observable } from 'rxjs';
import { costGiven, sumOf } from '../domain/cost.ts';
import { ModelError } from '../domain/errors.ts';
import { isA } from '../domain/foreign.ts';
import type { Model } from '../domain/model.ts';
import { NoPredictionError } from '../domain/no-prediction.ts';
import type { Prediction } from '../domain/prediction.ts';
import type { ModelRequest } from '../domain/request.ts';
import type { ToolCall } from '../domain/tools.ts';

/** What a model said next to its calls, which their JSON is not. */
const besides = (calls: readonly ToolCall[], text: string): string =>
  text === JSON.stringify(calls) ? '' : text;

/**
 * An ensemble as a model: the text and the tool calls of its prediction, with its consensus as the confidence, at the cost of all its calls.
 * The call fails if there is no prediction, and may be retried if one of the ensemble's calls may be.
 */
export const ensembleModel = (
  id: string,
  predict$: (request: ModelRequest) => Observable<Prediction>,
): Model => ({
  id,
  call: (request) =>
    predict$(request).pipe(
      map(({ text, toolCalls = [], metadata: { consensus, costUsd, costSource, usage } }) => ({
        ...(toolCalls.length === 0 ? { text } : { text: besides(toolCalls, text), toolCalls }),
        ...(usage !== undefined && { usage }),
        costUsd,
        ...(costSource !== 'unknown' && { costSource }),
        confidence: consensus,
        confidenceSource: 'agreement' as const,
      })),
      catchError((error: unknown) => {
        if (!isA(error, NoPredictionError)) throw error;
        const { isRetryable, outcomes } = error;
        throw new ModelError(id, `no prediction: ${error.name}`, {
          cause: error,
          isRetryable,
          ...costGiven(sumOf(outcomes)),
        });
      }),
    ),
});
