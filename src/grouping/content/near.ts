import { distance } from 'fastest-levenshtein';

/** The fewest letters of words that are compared by their spelling. */
export const FEWEST_LETTERS = 5;

/** How many letters the longer of two spellings may have more. */
export const MOST_MORE_LETTERS = 3;

/**
 * Whether two words of five letters and more are spellings of one: with the same first letter, and one letter changed (two
 * from eight letters on), or with an ending of up to three letters more.
 */
export const isNear = (one: string, other: string): boolean => {
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  const more = long.length - short.length;
  if (short.length < FEWEST_LETTERS || more > MOST_MORE_LETTERS) return false;
  if (short.charCodeAt(0) !== long.charCodeAt(0) || areOtherSubstances(one, other)) return false;
  if (long.startsWith(short)) return true;
  const most = long.length >= 8 ? 2 : 1;
  return more <= most && distance(short, long) <= most;
};

/** Whether only the endings of chemistry differ, which tell substances apart: sulfate and sulfite, ethane and ethene. */
const areOtherSubstances = (one: string, other: string): boolean => {
  const [stem, ending] = substance.exec(one)?.slice(1) ?? [];
  const [otherStem, otherEnding] = substance.exec(other)?.slice(1) ?? [];
  return stem !== undefined && stem === otherStem && ending !== otherEnding;
};

const substance = /^(\p{L}{3,}?)(ate|ite|ide|ane|ene|yne|anol|anal)$/u;
