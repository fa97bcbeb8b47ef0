import type { Prediction } from '../domain/prediction.ts';
import type { PredictionProgress, ProgressEvent } from './prediction-progress.ts';

/** Shows a prediction to the person or the program that asked for it. */
export interface View {
  /** Shows the progress after an event. */
  update(progress: PredictionProgress, event: ProgressEvent): void;
  /** Shows the result. */
  complete(progress: PredictionProgress, prediction: Prediction): void;
  /** Clears the display if there is no prediction; the reason goes to standard error. */
  fail(): void;
}
