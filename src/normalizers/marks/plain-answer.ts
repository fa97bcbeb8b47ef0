import { abstentionReason } from '../../domain/normalizer.ts';
import { alternation } from '../reading/alternation.ts';
import { COLON, LEFT_PARENTHESIS, LESS_THAN } from '../reading/character-codes.ts';
import { matchAt } from '../reading/sticky.ts';
import { isDraft } from './announcement-context.ts';
import { ANSWER_NOUNS, CHOOSING, FINAL } from './announcement-words.ts';
import type { AnswerReader, Reading } from './answer-reader.ts';
import { BOUNDARIES } from './run-on.ts';

const CONCLUSION = '(?:so|thus|therefore|hence),? ';

/**
 * An announcement of a number, a letter, or a yes or no that ends its text. It opens a sentence, or a conclusion, which does
 * not depend on the words before it. Tried from the end of the text, so that it costs little where it does not match.
 */
const ANNOUNCED = new RegExp(
  `(?<=(?:^|[.!?;\\n]\\s*|[ ,](?=${CONCLUSION}(?:the|my) ))((?:${CONCLUSION})?(?:the |my )?(?:final |correct )?)answer(?: is|:) (\\(?(?:-?\\$?\\d[\\d,.]{0,17}%?|[a-z]|yes|no|true|false)\\)?\\.?))`,
  'iy',
);

/** Characters of marks, tags, fences and entities, and those beyond ASCII, with which words of all languages are looked for. */
const UNPLAIN = /[#&<[`~-\uffff]/;

const isLatin = (word: string): boolean => /^[a-z]/.test(word);

/** Words of which one is in each box, and in each announcement that can count next to a later one. */
const OTHERS = new RegExp(
  alternation(['box', ...ANSWER_NOUNS.filter(isLatin), ...`${CHOOSING}|${FINAL}`.split('|').filter(isLatin)]),
  'i',
);

const BOUNDARY = new RegExp(alternation(BOUNDARIES), 'i');

/** Whether an announcement that follows a text is the only mark that counts. Results of steps may be in the text. */
const marksNothing = (text: string): boolean =>
  !UNPLAIN.test(text) && !OTHERS.test(text) && !(text.includes('\n') && BOUNDARY.test(text));

/** A tag that is the whole text, with a few words or a number that announce nothing. */
const TAGGED =
  /^<(?:final_)?answer>(?![^<]*answer)([\w$+-][\w$+%.,-]*(?: [\w$+%.,-]+){0,5})<\/(?:final_)?answer>$/i;

const LONGEST_TAGGED = 64;

/**
 * Reads a text that ends with the announcement of a plain value and has no other mark, or holds a plain value in a tag, as many
 * answers do. It is read like any other, but without looking for marks and at what stands around it, which would cost ten
 * times as much.
 */
export function plainAnswer<Answer>(text: string, reader: AnswerReader<Answer>): Reading<Answer> {
  if (text.charCodeAt(0) === LESS_THAN)
    return text.length > LONGEST_TAGGED ? undefined : taggedAnswer(TAGGED.exec(text)?.[1], reader);
  const match = matchAt(ANNOUNCED, text, text.length);
  if (match === null) return undefined;
  const [, lead = '', value = ''] = match;
  const start = text.length - value.length;
  const word = start - (text.charCodeAt(start - 2) === COLON ? 'answer: ' : 'answer is ').length;
  const isWhole = word === lead.length;
  if (!isWhole && reader.readsProse) return undefined;
  const isOpened = text.charCodeAt(start) === LEFT_PARENTHESIS;
  const reading = reader.phrase?.(text, isOpened && !reader.readsProse ? start + 1 : start, text.length);
  if (reading === undefined || isWhole) return reading;
  return marksNothing(text.slice(0, word - lead.length)) && !isDraft(text, word) ? reading : undefined;
}

function taggedAnswer<Answer>(content: string | undefined, reader: AnswerReader<Answer>): Reading<Answer> {
  const reading = content === undefined ? undefined : reader.field(content, content);
  return abstentionReason(reading) === undefined ? reading : undefined;
}
