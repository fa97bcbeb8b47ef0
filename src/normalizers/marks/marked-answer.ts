import { lazily } from '../../domain/lazily.ts';
import { abstain, abstentionReason } from '../../domain/normalizer.ts';
import { standBeside } from '../reading/beside.ts';
import { announcedAnswer, corrected, isOtherAnswer, SEVERAL_PARTS } from './announced-answer.ts';
import { type AnswerMarks, answerMarks, type FieldMark } from './answer-marks.ts';
import { partOfAnswer } from './answer-parts.ts';
import type { AnswerReader, Reading } from './answer-reader.ts';
import { cuesBetween } from './corrections.ts';
import { type FieldContent, fieldContent } from './field-content.ts';
import { outermost } from './json-nesting.ts';
import { lineAnswer } from './line-answer.ts';
import { soleField } from './sole-field.ts';

interface Field extends FieldContent {
  readonly kind: FieldMark['kind'];
}

/**
 * Reads the delimited answer of a text: the last of several, and a result or an output only if there is no answer, and
 * the one field of a text that is a JSON object.
 */
export function markedAnswer<Answer>(
  text: string,
  marks: AnswerMarks,
  reader: AnswerReader<Answer>,
): Reading<Answer> {
  const { fields, to } = marks;
  const lines = fields.filter(({ kind }) => kind === 'hashes');
  const others = outermost(
    text,
    fields.filter(({ kind }) => kind !== 'hashes'),
  );
  const field =
    lastField(
      text,
      others.filter((mark) => !isResult(mark)),
      to,
    ) ??
    lastField(text, others, to) ??
    soleField(text, marks);
  if (field !== undefined && marksSeveralParts(text, others.filter(isAlike(field)), to, reader))
    return abstain(SEVERAL_PARTS);
  const line = lineAnswer(text, lines, to, reader);
  const marked =
    field === undefined || (line !== undefined && line.start > field.end)
      ? line && { reading: line.reading, end: line.end, kind: 'hashes' as const }
      : { reading: readField(field, reader), end: field.end, kind: field.kind };
  if (marked === undefined) return undefined;

  const end = marked.kind === 'json' ? afterObject(text, marked.end, to) : marked.end;
  const later = announcedAnswer(text, marks, reader, end);
  // A box may be the result of a step before "the answer is (B)".
  const isStep = isBoxed(marked) || marked.reading === undefined;
  if (later !== undefined && (isStep || cuesBetween(text, end, later.at).length > 0)) {
    if (marked.reading === undefined || abstentionReason(later.reading) === undefined) return later.reading;
  }
  if (marked.reading === undefined)
    return abstain(
      field?.content === '' ? 'the marked answer is empty' : `the marked answer is not ${reader.sought}`,
    );
  return corrected(text, { start: marked.end, end }, to, marked.reading, reader);
}

const isBoxed = ({ kind }: { readonly kind: FieldMark['kind'] }): boolean =>
  kind === 'boxed' || kind === 'token';

/** Returns a test for marks of the same notation, if it is one of which a text may have several. */
const isAlike =
  (field: Field) =>
  (mark: FieldMark): boolean =>
    isBoxed(field) ? isBoxed(mark) : field.kind === 'json' && mark.kind === 'json';

/** Whether the last two marks hold different answers to two parts of the question: boxes, or items of one array. */
function marksSeveralParts<Answer>(
  text: string,
  marks: readonly FieldMark[],
  to: number,
  reader: AnswerReader<Answer>,
): boolean {
  if (marks.length < 2) return false;
  const [one, other] = marks.slice(-2).map((mark) => {
    const content = fieldContent(text, mark, to);
    return content && { content, mark, part: partOfAnswer(text, mark.at, mark.at, content.end) };
  });
  if (one === undefined || other === undefined) return false;
  const areParts =
    one.mark.kind === 'json'
      ? areItems(text, one.content.end, other.mark.at)
      : (one.part !== undefined && other.part !== undefined && one.part !== other.part) ||
        areBoxedTogether(text, one.content.end, other.mark.at);
  if (!areParts) return false;
  const read = ({ content, raw }: FieldContent): Reading<Answer> => reader.field(content, raw);
  return isOtherAnswer(read(one.content), read(other.content));
}

/** The LaTeX between two boxes, and the names of what they hold: `}$ and $y = `. */
const BETWEEN_BOXES = lazily(
  () => /\\(?:text|mathrm|qquad|quad|[,;:! ()[\]])|[{}$]|(?<![\p{L}\p{N}])\p{L}(?:_?\d)?\s*=|^\s*=/gu,
);

/** Whether two boxes stand side by side: `\boxed{3} and \boxed{5}`. One on a line of its own may be a draft. */
function areBoxedTogether(text: string, end: number, next: number): boolean {
  if (next < end || next - end > LONGEST_JOINT) return false;
  const between = text.slice(end, next).replace(BETWEEN_BOXES(), '');
  return standBeside(between) && (/[^\s.]/.test(between) || !between.includes('\n'));
}

const LONGEST_JOINT = 80;

/** Whether two fields are in objects that follow each other in one array. */
const areItems = (text: string, end: number, next: number): boolean =>
  next - end < LONGEST_ITEM && /^[^{}[\]]*\}\s*,\s*\{[^{}[\]]*$/.test(text.slice(end, next));

const LONGEST_ITEM = 600;

const isResult = ({ kind, name }: FieldMark): boolean => kind === 'tag' && !/^$|ans|final/.test(name);

function lastField(text: string, marks: readonly FieldMark[], to: number): Field | undefined {
  for (const mark of marks.toReversed()) {
    const content = fieldContent(text, mark, to);
    if (content !== undefined) return { ...content, kind: mark.kind };
  }
  return undefined;
}

/** Words before the value in a delimited answer: `<answer>The answer is 8</answer>`. */
const opening =
  /^(?:\\text\{)?(?:so|thus|therefore|hence)?,? ?(?:the |my )?(?:final |correct )?answer(?: is|:)[\s:]*\}?\s*/i;

/** Reads the content of a delimited answer; if it is a text with its own announcement, that one. */
function readField<Answer>({ content, raw, isCut }: Field, reader: AnswerReader<Answer>): Reading<Answer> {
  if (isCut) return abstain('the marked answer is cut off');
  if (content === '') return reader.empty?.();
  const value = content.replace(opening, '');
  const reading = reader.field(value, value === content ? raw : value);
  if (reading !== undefined && abstentionReason(reading) === undefined) return reading;
  return announcedAnswer(content, answerMarks(content), reader)?.reading ?? reading;
}

/** The end of the JSON object that holds a field: what its other fields say is not the answer. */
function afterObject(text: string, end: number, to: number): number {
  const close = text.indexOf('}', end);
  return close < 0 || close > to ? to : close;
}
