import { type Abstention, abstentionReason } from '../../domain/normalizer.ts';
import { isSpace, skipBack } from '../reading/characters.ts';
import { withoutEndTokens } from '../reading/end-tokens.ts';
import type { FieldMark } from './answer-marks.ts';
import type { AnswerReader } from './answer-reader.ts';
import { cuesBetween } from './corrections.ts';
import { fieldContent } from './field-content.ts';

/** The reading of a line `#### 42`. */
interface LineAnswer<Answer> {
  readonly reading: Answer | Abstention;
  readonly start: number;
  readonly end: number;
}

/** How many lines are looked at, besides the last one. */
const MOST_LINES = 50;

const heading =
  /^(?:step|part|case|phase|stage|problem|question|section|chapter|example|method|approach|option|scenario|solution|explanation|reasoning|calculations?|analysis|given|summary|conclusion|note|check|verification|background|\d+[.)]\s+\p{L})|:$/iu;

/**
 * Reads the lines of four hashes. The last line of a text is always an answer. Further up it is one if it can
 * be read and is no heading. Of several the last counts, but not those of another question, after a blank line.
 */
export function lineAnswer<Answer>(
  text: string,
  marks: readonly FieldMark[],
  to: number,
  reader: AnswerReader<Answer>,
): LineAnswer<Answer> | undefined {
  let found: LineAnswer<Answer> | undefined;
  for (const mark of marks.length > MOST_LINES
    ? [...marks.slice(0, MOST_LINES), ...marks.slice(-1)]
    : marks) {
    const field = fieldContent(text, mark, to);
    if (field === undefined || field.content === '') continue;
    const { content, end } = field;
    const isLast = withoutEndTokens(text, end, to) <= end;
    if (!isLast && (reader.readsProse || heading.test(content))) continue;
    const reading = reader.field(content, content);
    if (reading === undefined || (!isLast && abstentionReason(reading) !== undefined)) continue;
    if (found !== undefined && startsAnew(text, found.end, mark.at)) break;
    found = { reading, start: mark.start, end };
  }
  return found;
}

/** Whether a text continues after a blank line, without a word of correction: with another question. */
const startsAnew = (text: string, end: number, next: number): boolean =>
  /\n\s*\n\s*[^\s#]/.test(text.slice(end, skipBack(text, isSpace, next) + 1)) &&
  cuesBetween(text, end, next).length === 0;
