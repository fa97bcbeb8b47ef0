import type { Prediction } from '../domain/prediction.ts';
import type { PredictionProgress, ProgressEvent } from './prediction-progress.ts';

/** How an election is shown to the person or the program that asked for it. */
export interface View {
  /** An event has led to this ballot. */
  update(ballot: PredictionProgress, event: ProgressEvent): void;
  /** The election is over and has a result. */
  complete(ballot: PredictionProgress, prediction: Prediction): void;
  /** The election is over and has none: leave nothing behind that moves. */
  fail(): void;
}
