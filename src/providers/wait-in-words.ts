import { durationAt } from './duration.ts';
import { believed, longest, untilResetMs } from './wait-time.ts';

/** The maximum number of characters of a message that are read. */
const LONGEST_MESSAGE = 4096;

/** What stands before a wait in the words of OpenAI, Azure, Groq and others, such as "Please try again in 6m0s". */
const BEFORE_WAIT =
  /\b(?:try(?:ing)? again|retry(?:ing)?|wait|resets?|available|back ?off)\b(?:\s{1,3}(?:again|in|after|for|at|on|until|least|about|around|approximately|roughly|another|the next)\b){0,4}[\s:=~≈]{0,4}/gi;

/** What may be a point in time, up to the next space that is not part of it. */
const MOMENT = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,12})?(?:Z|[+-]\d\d:?\d\d)?/iy;

/** Returns the longest wait that a message asks for in words; `undefined` if it asks for no wait. */
export const waitInWords = (message: string, nowMs: number): number | undefined => {
  const text = message.slice(0, LONGEST_MESSAGE);
  return longest(
    [...text.matchAll(BEFORE_WAIT)].map(({ 0: words, index }) => {
      const start = index + words.length;
      MOMENT.lastIndex = start;
      const [moment] = MOMENT.exec(text) ?? [];
      return believed(moment === undefined ? durationAt(text, start).ms : untilResetMs(moment, nowMs));
    }),
  );
};
