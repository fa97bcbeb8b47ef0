import type { Query } from '../domain/request.ts';
import type { RecordedResponse } from '../models/replay.ts';

/** One question of a dataset. */
export interface Question {
  /** Names the question in results; unique within a dataset. */
  readonly id: string;
  readonly question: Query;
  /** The right answer, where it is known. */
  readonly expected?: unknown;
  /** What the question is grouped by in reports. */
  readonly category?: string;
  /** What models answered to it elsewhere. */
  readonly responses?: readonly RecordedResponse[];
}

/** Questions, read one by one; none is looked at before it is needed. */
export type Dataset = Iterable<Question> | AsyncIterable<Question>;
