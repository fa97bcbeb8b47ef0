import { type Form, REALS, setOf } from './form.ts';
import { stop } from './unreadable.ts';

/** The most words of an answer. */
const MOST_WORDS = 3;

const NO_SOLUTION =
  /^(?:there (?:is|are) )?(?:none|no(?: (?:real|such|integer|positive|possible|valid))* (?:solutions?|roots?|values?|numbers?|answers?|integers?))(?: exists?)?$/;

const INFINITELY_MANY =
  /^(?:there are )?(?:infinitely many|an infinite number of|infinite)(?: solutions?| roots?| values?)?$/;

const ALL_REALS = /^all (?:reals|real numbers|real values|real x)$/;

/** Words of sentences, and of texts that say that there is no answer. */
const NO_ANSWER =
  /\b(?:the|is|are|of|in|on|at|to|for|it|be|by|an|as|we|if|not?|with|which|that|this|there|has|have|can|must|so|where|when|than|from|only|such|cannot|can|un?determined?|indeterminate|requires?d?|needs?|needed|further|errors?|comput\w*|calculat\w*|unknown|unclear|unsure|sure|expressions?|answers?|values?|final|incomplete|insufficient|tbd|pending|analysis|numbers?|results?|solutions?|solve|see|above|below|provided|given|null|nan|undefined variable|variables?|formulas?|impossible to|maybe|perhaps|sorry|please|pass|depends?)\b/;

/** Returns the form of an answer in words. Reading stops if they are more than a few, or say that there is no answer. */
export function wordsForm(words: string): Form {
  if (NO_SOLUTION.test(words)) return setOf([]);
  if (INFINITELY_MANY.test(words)) return { key: 'infinitely many', text: 'infinitely many' };
  if (ALL_REALS.test(words)) return REALS;
  if (/^(?:dne|undefined|not defined|does not exist)$/.test(words))
    return { key: 'undefined', text: 'undefined' };
  if (/^(?:yes|true)$/.test(words)) return { key: 'yes', text: 'yes' };
  if (/^(?:no|false)$/.test(words)) return { key: 'no', text: 'no' };
  if (words.split(' ').length > MOST_WORDS || NO_ANSWER.test(words)) stop('it has words');
  return /\d/.test(words) ? stop('it has a number among words') : { key: words, text: words };
}
