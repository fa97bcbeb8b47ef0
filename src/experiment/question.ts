import type { Query } from '../domain/request.ts';
import type { RecordedResponse } from '../models/replay.ts';

/** One question of a dataset. */
export interface Question {
  /** Identifies the question in results; unique within a dataset. */
  readonly id: string;
  readonly question: Query;
  /** The right answer, if it is known. */
  readonly expected?: unknown;
  /** The group of the question in reports. */
  readonly category?: string;
  /** Answers of models that were recorded elsewhere. */
  readonly responses?: readonly RecordedResponse[];
}

/** Questions, read one by one as they are needed. */
export type Dataset = Iterable<Question> | AsyncIterable<Question>;
