import { boolean } from '../../normalizers/boolean.ts';
import { alternativesIn, chosenOf } from './alternatives.ts';
import { isAuxiliary } from './auxiliaries.ts';
import type { Word } from './word.ts';

/** Returns what an answer chooses of what its question offers; `undefined` if that is not clear. */
export type Chooser = (text: string, words: readonly Word[]) => string | undefined;

/** Returns the chooser of a question that offers a choice: "Is it …?" offers yes and no, "tea or coffee?" the two. */
export const chooserOf = (question: readonly Word[]): Chooser | undefined => {
  const isOfVerdicts = isAuxiliary(question[0]) && question[1]?.form !== 'you'; // Not "Can you tell me …?"
  const alternatives = alternativesIn(question);
  if (alternatives === undefined) return isOfVerdicts ? verdictFor(question) : undefined;
  const verdict = isOfVerdicts ? verdictFor(question) : undefined;
  return (text, words) => chosenOf(alternatives, words) ?? verdict?.(text, words);
};

/** Reads yes or no, in words or by stating what was asked: "A permit is needed". */
const verdictFor = (question: readonly Word[]): Chooser => {
  const asked = new Set(question.map(({ form }) => form));
  const stems = [...asked].filter((form) => form.length >= SHORTEST_STEM);
  const isNegative = question.some(({ negates }) => negates);
  const hasAskedStem = (form: string): boolean =>
    stems.some((stem) => form.startsWith(stem) && form.length <= stem.length + LONGEST_ENDING);
  return (text, words) => {
    const verdict = boolean(text);
    if (typeof verdict === 'boolean') return verdict ? 'yes' : 'no';
    const restates = words.every(
      ({ form, isStopWord, negates }) => asked.has(form) || isStopWord || negates || hasAskedStem(form),
    );
    if (isNegative || words.length === 0 || !restates) return undefined;
    return words.some(({ negates }) => negates) ? 'no' : 'yes';
  };
};

/** "Needed" repeats the "need" of a question. */
const SHORTEST_STEM = 4;
const LONGEST_ENDING = 3;
