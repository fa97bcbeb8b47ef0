import type { Prediction } from '../domain/prediction.ts';
import type { Output } from './output.ts';
import type { PredictionProgress, ProgressEvent } from './prediction-progress.ts';
import { printableJson } from './printable-json.ts';
import { callLines, type Layout } from './progress-lines.ts';
import { summaryLines } from './summary-lines.ts';

/** Shows a prediction to the person or the program that asked for it. */
export interface View {
  /** Shows the progress after an event. */
  update(progress: PredictionProgress, event: ProgressEvent): void;
  /** Shows the result. */
  complete(progress: PredictionProgress, prediction: Prediction): void;
  /** Clears the display if there is no prediction; the reason goes to standard error. */
  fail(): void;
}

/** A view for programs: prints the prediction as one JSON document, and nothing before it. */
export const jsonView = (output: Output, simulatedModels: readonly string[]): View => ({
  update: () => {},
  complete: (_, prediction) =>
    output.print(printableJson({ ...prediction, ...(simulatedModels.length > 0 && { simulatedModels }) })),
  fail: () => {},
});

const plain: Layout = { paint: (_, text) => text, columns: 160 };

/** A view for pipes and files: prints one line when a call settles, then the result, without control codes. */
export const plainView = (output: Output): View => ({
  update: (progress, event) => {
    if (event.type === 'settled') output.print(callLines(progress, plain)[event.index] ?? '');
  },
  complete: (progress, prediction) => output.print('', ...summaryLines(prediction, progress, plain.paint)),
  fail: () => {},
});
