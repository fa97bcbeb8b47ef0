import { boolean } from '../../normalizers/boolean.ts';
import { deniedWords } from './denied-words.ts';
import { opensClause, type Word } from './word.ts';

/** Returns what an answer chooses of what its question offers; `undefined` if that is not clear. */
export type Chooser = (text: string, words: readonly Word[]) => string | undefined;

/** Returns the chooser of a question that offers a choice: "Is it …?" offers yes and no, "tea or coffee?" the two. */
export const chooserOf = (question: readonly Word[]): Chooser | undefined => {
  const opensWithVerb = auxiliaries.has(question[0]?.form ?? '') && question[1]?.form !== 'you';
  const offered = alternativesIn(question);
  const ofAlternatives = offered && alternativeOf(question, offered);
  const ofVerdicts = opensWithVerb ? verdictFor(question) : undefined;
  if (ofAlternatives === undefined) return ofVerdicts;
  return (text, words) => ofAlternatives(text, words) ?? ofVerdicts?.(text, words);
};

const auxiliaries = new Set(
  `is are was were do doe does did can could will would should must has have had may isnt arent wasnt werent dont doesnt didnt cant
   shall might`.split(/\s+/),
);

/** Yes or no, in words or by stating what was asked: "A permit is needed". */
const verdictFor = (question: readonly Word[]): Chooser => {
  const asked = new Set(question.map(({ form }) => form));
  return (text, words) => {
    const verdict = boolean(text);
    if (typeof verdict === 'boolean') return verdict ? 'yes' : 'no';
    const states =
      words.length > 0 &&
      words.every(({ form, isStopWord, negates }) => asked.has(form) || isStopWord || negates);
    if (!states || question.some(({ negates }) => negates)) return undefined;
    return words.some(({ negates }) => negates) ? 'no' : 'yes';
  };
};

/** The words that tell two alternatives apart: the last of "the grey comic" and of "the show". */
const alternativesIn = (question: readonly Word[]): readonly [string, string] | undefined => {
  const or = question.findIndex(({ form }) => form === 'or');
  if (or < 1) return undefined;
  const opening = question[0]?.form ?? '';
  const isOffered =
    opening === 'which' || auxiliaries.has(opening) || question.some(({ gap }) => /[,:]/.test(gap));
  const left = phraseBefore(question, or);
  const right = phraseAfter(question, or);
  const one = left.findLast(({ form }) => !right.some((word) => word.form === form));
  const other = right.findLast(({ form }) => !left.some((word) => word.form === form));
  return isOffered && one !== undefined && other !== undefined ? [one.form, other.form] : undefined;
};

const phraseBefore = (words: readonly Word[], end: number): readonly Word[] => {
  const before = words.slice(0, end);
  const start = before.findLastIndex(
    (word, at) => word.isStopWord || (at + 1 < end && opensClause(words[at + 1] as Word)),
  );
  return before.slice(start + 1);
};

const phraseAfter = (words: readonly Word[], or: number): readonly Word[] => {
  const after = words.slice(or + 1);
  const start = after.findIndex((word) => !word.isStopWord);
  if (start < 0) return [];
  const phrase = after.slice(start);
  const end = phrase.findIndex((word, at) => at > 0 && (word.isStopWord || opensClause(word)));
  return end < 0 ? phrase : phrase.slice(0, end);
};

const alternativeOf = (question: readonly Word[], offered: readonly [string, string]): Chooser => {
  const asked = new Set(question.map(({ form }) => form));
  const asksForFirst = question.some(({ form }) => form === '1o' || form === 'earlier' || form === 'older');
  const decides = (word: Word): boolean =>
    (asked.has(word.form) && !word.isStopWord) ||
    prefers.has(word.form) ||
    (asksForFirst && precedes.has(word.form));
  return (_text, words) => {
    if (
      words.some(
        ({ form, opposites }) => leavesOpen.has(form) || opposites.some((opposite) => asked.has(opposite)),
      )
    )
      return undefined;
    const denied = deniedWords(words);
    const places = offered
      .filter((form) => !denied.has(form))
      .map((form) => ({ form, at: words.findIndex((word) => word.form === form) }))
      .filter(({ at }) => at >= 0)
      .sort((a, b) => a.at - b.at);
    const [first, second] = places;
    if (first === undefined || second === undefined) return first?.form;
    // "The comic came first, before the show": what is between them says which it is.
    return words.slice(first.at + 1, second.at).some(decides) ? first.form : undefined;
  };
};

const leavesOpen = new Set('both either neither equally same depend depends'.split(' '));
const prefers = new Set('rather instead over than beat'.split(' '));
const precedes = new Set('preceded precede predates predated before'.split(' '));
