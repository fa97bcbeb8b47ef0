import { isAuxiliary } from './auxiliaries.ts';
import { deniedWords } from './denied-words.ts';
import { opensClause, type Word } from './word.ts';

/** What a question offers: "the grey comic or the show". */
export interface Alternatives {
  /** The words by which the two differ: `comic` and `show`. */
  readonly offered: readonly [string, string];
  /** The other words of the question. */
  readonly asked: ReadonlySet<string>;
}

/** Finds two alternatives in a question that asks to choose. */
export const alternativesIn = (question: readonly Word[]): Alternatives | undefined => {
  const or = question.findIndex(({ form }) => form === 'or');
  const [before, after] = [question[or - 1], question[or + 1]];
  if (before === undefined || after === undefined || !asksToChoose(question)) return undefined;
  const left = before.isStopWord ? [before] : phraseBefore(question, or);
  const right = before.isStopWord ? [after] : phraseAfter(question, or + 1).slice(0, left.length);
  const [one, other] = [lastBut(left, right), lastBut(right, left)];
  if (one === undefined || other === undefined) return undefined;
  const asked = question.map(({ form }) => form).filter((form) => form !== one && form !== other);
  return { offered: [one, other], asked: new Set(asked) };
};

const asksToChoose = (question: readonly Word[]): boolean =>
  question[0]?.form === 'which' || isAuxiliary(question[0]) || question.some(({ gap }) => /[,:]/.test(gap));

const lastBut = (words: readonly Word[], others: readonly Word[]): string | undefined =>
  words.findLast(({ form }) => !others.some((other) => other.form === form))?.form;

const phraseBefore = (words: readonly Word[], end: number): readonly Word[] => {
  const start = words.findLastIndex(
    (word, at) => at < end && (word.isStopWord || (at + 1 < end && opensClause(words[at + 1] as Word))),
  );
  return words.slice(start + 1, end);
};

const phraseAfter = (words: readonly Word[], from: number): readonly Word[] => {
  const start = words.findIndex((word, at) => at >= from && !word.isStopWord);
  const phrase = start < 0 ? [] : words.slice(start);
  const end = phrase.findIndex((word, at) => at > 0 && (word.isStopWord || opensClause(word)));
  return end < 0 ? phrase : phrase.slice(0, end);
};

/**
 * Returns the alternative that an answer chooses: the one that it does not deny, or the first of both if it says so, as in
 * "tea rather than coffee". `undefined` if that is not clear.
 */
export const chosenOf = ({ offered, asked }: Alternatives, words: readonly Word[]): string | undefined => {
  const isReversed = ({ opposites }: Word): boolean => opposites.some((word) => asked.has(word));
  if (words.some((word) => leavesOpen.has(word.form) || (!offered.includes(word.form) && isReversed(word)))) {
    return undefined;
  }
  const denied = deniedWords(words);
  const places = offered
    .map((form) => words.findIndex((word) => word.form === form && !denied.has(form)))
    .filter((at) => at >= 0)
    .sort((a, b) => a - b);
  const [first, second] = places;
  if (first === undefined) return undefined;
  const between = second === undefined ? [] : words.slice(first + 1, second);
  return second === undefined || prefersFirst(between, asked) ? words[first]?.form : undefined;
};

const leavesOpen = new Set('both either neither equally same depend depends'.split(' '));

/** Whether the words between two alternatives say that the first is meant: they repeat what was asked. */
const prefersFirst = (between: readonly Word[], asked: ReadonlySet<string>): boolean => {
  const isFirstAsked = ['1o', 'earlier', 'older'].some((form) => asked.has(form));
  return (
    !between.some(({ form, negates }) => negates || reversing.has(form)) &&
    between.some(
      ({ form, isStopWord }) =>
        (asked.has(form) && !isStopWord) || preferring.has(form) || (isFirstAsked && preceding.has(form)),
    )
  );
};

const reversing = new Set('after behind later followed lost less below under because from'.split(' '));
const preferring = new Set('rather instead over than beat'.split(' '));
const preceding = new Set('preceded precede predates predated before'.split(' '));
