import type { Candidate } from './candidate.ts';
import type { Course } from './play.ts';

/** The share of ballots that a candidate may accept for a precision. */
export interface Acceptance {
  readonly share: number;
  /** For each row of the table: 1 if it was held out and its answer is given. */
  readonly given: Uint8Array;
  /** The precision on held-out rows, less one standard error. */
  readonly precision: number;
}

/** A candidate with its results on rows that it has not learned from. */
export interface Contender {
  readonly candidate: Candidate;
  readonly course: Course;
  /** The answers that are given, if the aim is coverage; otherwise all of them. */
  readonly acceptance?: Acceptance;
}
