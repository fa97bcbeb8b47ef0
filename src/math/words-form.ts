import { isEmptyValue, isNoAnswer } from '../normalizers/marks/empty-announcement.ts';
import { type Form, REALS, setOf } from './form.ts';
import { stop, WORDS } from './unreadable.ts';
import { noAnswer } from './words.ts';

/** The most words of an answer. */
const MOST_WORDS = 3;

const named = (key: string): Form => ({ key, text: key });

/** Words that stand for an answer. */
const MEANINGS: readonly (readonly [RegExp, Form])[] = [
  [
    /^(?:there (?:is|are) )?(?:none|no(?: (?:real|such|integer|positive|possible|valid))* (?:solution|root|value|number|answer|integer)s?)(?: exists?)?$/,
    setOf([]),
  ],
  [
    /^(?:there are )?(?:infinitely many|an infinite number of|infinite)(?: (?:solution|root|value)s?)?$/,
    named('infinitely many'),
  ],
  [/^all (?:reals|real (?:numbers|values|x))$/, REALS],
  [/^(?:dne|undefined|not defined|does not exist)$/, named('undefined')],
  [/^(?:yes|true)$/, named('yes')],
  [/^(?:no|false)$/, named('no')],
];

/** Returns the form of an answer in words. Reading stops if they are more than a few, or say that there is no answer. */
export function wordsForm(words: string): Form {
  const meaning = MEANINGS.find(([pattern]) => pattern.test(words));
  if (meaning !== undefined) return meaning[1];
  return words.split(' ').length > MOST_WORDS ||
    [noAnswer, /\d/].some((pattern) => pattern.test(words)) ||
    isNoAnswer(words) ||
    isEmptyValue(words)
    ? stop(WORDS)
    : named(words);
}
