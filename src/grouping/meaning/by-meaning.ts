import { catchError, from, map, type Observable, of, throwError } from 'rxjs';
import { isA } from '../../domain/foreign.ts';
import type { Group, Grouping, RefiningContext } from '../../domain/grouping.ts';
import type { Vote } from '../../domain/outcome.ts';
import { byContent, LONGEST_TEXT } from '../by-content.ts';
import { type Content, contentOf } from '../content/content.ts';
import { contradicts } from '../content/contradicts.ts';
import { questionOf } from '../content/question.ts';
import { distinctAnswers } from './distinct-answers.ts';

/** The end of a comparison without a result. Its message is the reason. */
export class NotCompared extends Error {
  override readonly name = 'NotCompared';
}

/** The different answers of a prediction in the order of the panel, at least two. */
export interface ComparedAnswers {
  readonly texts: readonly string[];
  /** Whether two of them, by their positions, exclude each other by their facts. */
  readonly exclude: (one: number, other: number) => boolean;
}

/** Compares answers. Emits groups of their positions once. Fails with {@link NotCompared}. */
export type Comparison = (
  answers: ComparedAnswers,
  context: RefiningContext,
) => Observable<readonly (readonly number[])[]>;

/** The votes of one prediction, and their groups by content. */
interface MeaningState {
  readonly votes: Vote[];
  content: unknown;
}

/**
 * Makes a grouping that compares the different answers once, after the last call. Until then, and if the comparison fails, the
 * groups are those of {@link byContent}; then the prediction has a warning.
 */
export const byMeaning = (name: string, compare: Comparison): Grouping<MeaningState> => {
  const contents = byContent();
  return {
    name,
    init: (context) => ({ votes: [], content: contents.init(context) }),
    add(state, vote) {
      state.votes.push(vote);
      state.content = contents.add(state.content, vote);
      return state;
    },
    groups: ({ content }) => contents.groups(content),
    refine({ votes, content }, context): Observable<readonly Group[]> {
      const answers = distinctAnswers(votes);
      if (answers.length < 2) return of(answers.map((answer) => answer.votes));
      return compare(comparedAnswers(answers, context), context).pipe(
        map((groups) => groups.map((places) => places.flatMap((place) => answers[place]?.votes ?? []))),
        catchError((error: unknown) => {
          if (!isA(error, NotCompared)) return throwError(() => error);
          context.warn(`${name} did not compare the answers, because ${error.message}; byContent did`);
          return from(contents.refine?.(content, context) ?? of(contents.groups(content)));
        }),
      );
    },
  };
};

const comparedAnswers = (
  answers: ReturnType<typeof distinctAnswers>,
  { question }: RefiningContext,
): ComparedAnswers => {
  const asked = questionOf(question);
  const texts = answers.map(({ text }) => text);
  // Read when they are compared, which is done in slices: reading a thousand answers takes 30 ms.
  const contents: Content[] = [];
  const contentAt = (place: number): Content => {
    contents[place] ??= contentOf((texts[place] as string).slice(0, LONGEST_TEXT), asked);
    return contents[place];
  };
  return {
    texts,
    exclude: (one, other) => contradicts(contentAt(one), contentAt(other)),
  };
};
