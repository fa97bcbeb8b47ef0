import type { Prediction } from '../domain/prediction.ts';
import type { Ballot, BallotEvent } from './ballot.ts';

/** How an election is shown to the person or the program that asked for it. */
export interface View {
  /** An event has led to this ballot. */
  update(ballot: Ballot, event: BallotEvent): void;
  /** The election is over and has a result. */
  conclude(ballot: Ballot, prediction: Prediction): void;
  /** The election is over and has none: leave nothing behind that moves. */
  abandon(): void;
}
