import { catchError, map, type Observable, of, throwError } from 'rxjs';
import { isA } from '../../domain/foreign.ts';
import type { Group, Grouping, RefiningContext } from '../../domain/grouping.ts';
import type { Vote } from '../../domain/outcome.ts';
import { type DistinctAnswer, distinctAnswers } from './distinct-answers.ts';

/** The end of a comparison without a result. Its message is the reason. */
export class NotCompared extends Error {
  override readonly name = 'NotCompared';
}

/** Compares answers, at least two. Emits groups of their positions once. Fails with {@link NotCompared}. */
export type Comparison = (
  answers: readonly DistinctAnswer[],
  context: RefiningContext,
) => Observable<readonly (readonly number[])[]>;

/**
 * Makes a grouping that compares the different answers once, after the last call. Until then, and if the comparison fails,
 * only equal answers are the same; then the prediction has a warning.
 */
export const byMeaning = (name: string, compare: Comparison): Grouping<Vote[]> => ({
  name,
  init: () => [],
  add(votes, vote) {
    votes.push(vote);
    return votes;
  },
  groups: (votes) => distinctAnswers(votes).map((answer) => answer.votes),
  refine(votes, context): Observable<readonly Group[]> {
    const answers = distinctAnswers(votes);
    const apart = answers.map((answer) => answer.votes);
    if (answers.length < 2) return of(apart);
    return compare(answers, context).pipe(
      map((groups) => groups.map((places) => places.flatMap((place) => apart[place] as Group))),
      catchError((error: unknown) => {
        if (!isA(error, NotCompared)) return throwError(() => error);
        context.warn(`${name} did not compare the answers, because ${error.message}`);
        return of(apart);
      }),
    );
  },
});
