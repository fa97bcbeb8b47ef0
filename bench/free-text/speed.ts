import { contentOf } from '../../src/grouping/content/content.ts';
import { contentGroups } from '../../src/grouping/content/content-groups.ts';
import { type ContentIndex, contentIndex } from '../../src/grouping/content/content-index.ts';
import { questionOf } from '../../src/grouping/content/question.ts';
import { atOnce } from '../../src/time/in-slices.ts';
import type { JudgedQuestion } from './answers.ts';

/** Returns the least time of each piece of work in ms, over rounds in which they take turns: a busy machine only adds to it. */
const leastMs = (rounds: number, ...works: readonly (() => void)[]): readonly number[] => {
  const times = Array.from({ length: rounds }, () =>
    works.map((work) => {
      const start = performance.now();
      work();
      return performance.now() - start;
    }),
  );
  return works.map((_, index) => Math.min(...times.map((time) => time[index] ?? Number.NaN)));
};

/** The time of reading all answers, and of grouping them, in passes of `Intl.Segmenter` over their texts. */
export const speedOf = (questions: readonly JudgedQuestion[]) => {
  const segmenter = new Intl.Segmenter('en', { granularity: 'word' });
  const segment = (): void => {
    for (const { responses } of questions)
      for (const { text } of responses) Array.from(segmenter.segment(text));
  };
  const read = (): void => {
    for (const { question, responses } of questions) {
      const asked = questionOf(question);
      for (const { text } of responses) contentOf(text, asked);
    }
  };
  const contents = questions.map(({ question, responses }) => {
    const asked = questionOf(question);
    return responses.map(({ text }) => ({ text, content: contentOf(text, asked) }));
  });
  const group = (): void => {
    for (const answers of contents) {
      const index = contentIndex<undefined>();
      for (const { text, content } of answers) index.add(text, () => content, undefined);
      atOnce(contentGroups(index));
    }
  };
  const [segmentMs = 0, readMs = 0, groupMs = 0] = leastMs(25, segment, read, group);
  const perQuestion = (ms: number): number => (1000 * ms) / questions.length;
  return {
    segmentMicros: perQuestion(segmentMs),
    reading: readMs / segmentMs,
    grouping: groupMs / segmentMs,
  };
};

/** The time of one grouping of many answers. */
export interface LargeGrouping {
  readonly answers: number;
  readonly contents: number;
  readonly groups: number;
  /** Reading all answers, one after the other, in ms. */
  readonly readMs: number;
  /** The grouping as a whole, and its longest slice, in ms. */
  readonly groupMs: number;
  readonly longestSliceMs: number;
}

/** Groups texts in slices, several times, and returns the least times. */
export const largeGrouping = (question: string, texts: readonly string[]): LargeGrouping => {
  const asked = questionOf(question);
  const filled = (): ContentIndex<undefined> => {
    const index = contentIndex<undefined>();
    for (const text of texts) index.add(text, () => contentOf(text, asked), undefined);
    return index;
  };
  const [readMs = 0] = leastMs(3, filled);
  const index = filled();
  const runs = Array.from({ length: 5 }, () => slicesOf(index));
  const least = (slice: number): number => Math.min(...runs.map(({ slicesMs }) => slicesMs[slice] ?? 0));
  const slicesMs = runs[0]?.slicesMs.map((_, slice) => least(slice)) ?? [];
  return {
    answers: texts.length,
    contents: index.entries.length,
    groups: runs[0]?.groups ?? 0,
    readMs,
    groupMs: slicesMs.reduce((sum, ms) => sum + ms, 0),
    longestSliceMs: Math.max(...slicesMs),
  };
};

const slicesOf = (
  index: ContentIndex<undefined>,
): { readonly groups: number; readonly slicesMs: readonly number[] } => {
  const slicesMs: number[] = [];
  const slices = contentGroups(index);
  for (;;) {
    const start = performance.now();
    const { value, done } = slices.next();
    slicesMs.push(performance.now() - start);
    if (done === true) return { groups: value.length, slicesMs };
  }
};
