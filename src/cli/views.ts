import { NoPredictionError } from '../domain/no-prediction.ts';
import type { Prediction } from '../domain/prediction.ts';
import type { Query } from '../domain/request.ts';
import type { StreamEvent } from '../domain/stream-event.ts';
import { failureOf } from './failure-of.ts';
import type { Output } from './output.ts';
import type { PredictionProgress } from './prediction-progress.ts';
import { printableJson } from './printable-json.ts';
import { callLines, type Layout } from './progress-lines.ts';
import { summaryLines } from './summary-lines.ts';

/** Shows a prediction to the person or the program that asked for it. */
export interface View {
  /** Shows the progress after an event. */
  update(progress: PredictionProgress, event: StreamEvent): void;
  /** Shows the result. */
  complete(progress: PredictionProgress, prediction: Prediction): void;
  /** Shows that there is no prediction; its reason goes to standard error, too. */
  fail(query: Query, error: unknown): void;
}

/** A view for programs: prints the prediction, or its error, as one JSON document, and nothing before it. */
export const jsonView = (output: Output, simulatedModels: readonly string[]): View => {
  const print = (document: object): void =>
    output.print(printableJson({ ...document, ...(simulatedModels.length > 0 && { simulatedModels }) }));
  return {
    update: () => {},
    complete: (_, prediction) => print(prediction),
    fail: (query, error) => {
      if (error instanceof NoPredictionError) print(failureOf(query, error));
    },
  };
};

const plain: Layout = { paint: (_, text) => text, columns: 160 };

/** A view for pipes and files: prints one line when a call settles, then the result, without control codes. */
export const plainView = (output: Output): View => ({
  update: (progress, event) => {
    if (event.type === 'call-end' && event.outcome.status !== 'cancelled')
      output.print(callLines(progress, plain)[event.outcome.index] ?? '');
  },
  complete: (progress, prediction) => output.print('', ...summaryLines(prediction, progress, plain.paint)),
  fail: () => {},
});
