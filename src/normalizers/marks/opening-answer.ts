import { abstentionReason } from '../../domain/normalizer.ts';
import { wordsOf } from '../reading/words.ts';
import type { AnswerMarks } from './answer-marks.ts';
import type { AnswerReader, Reading } from './answer-reader.ts';

/** A longer opening says more than an answer. */
const LONGEST = 40;

/** One word, and what divides it from the next question. */
const ONE_WORD = /^\s*\S{1,30}[\s#*=_-]*$/;

/** A few words on a line of their own, before a blank line. */
const FEW_WORDS = /^\s*\S+(?: \S+){0,2}[^\S\n]*\n\s*\n[\s#*=_-]*$/;

/** Words that open a reply and answer nothing. */
const chatter = wordsOf(
  "sure,okay,ok,certainly,absolutely,of,hello,hi,thanks,great,good,well,alright,got,let,let's,here,here's,note,solution,answer,explanation," +
    'example,task,question,part,section,step,problem,exercise,round,test,quiz,input,output,claro,natürlich,gerne,bien,voici,aquí,конечно,好的',
);

/**
 * Reads the answer that a text opens with and is nothing but, before it continues with a question of its own:
 * "B\n\nQuestion: …\nAnswer: C" answers B.
 */
export function openingAnswer<Answer>(
  text: string,
  { from, question }: AnswerMarks,
  reader: AnswerReader<Answer>,
): Reading<Answer> {
  if (question === undefined || question - from > LONGEST) return undefined;
  const opening = text.slice(from, question + 1);
  if (!(reader.readsProse ? FEW_WORDS : ONE_WORD).test(opening)) return undefined;
  if (chatter().has(/[\p{L}'\u2019]+/u.exec(opening.toLowerCase())?.[0] ?? '') || /:\s*$/.test(opening))
    return undefined;
  const reading = reader.unmarked(text, { from, to: question, fields: [], lastNoun: -1, phrases: () => [] });
  return reading === undefined || abstentionReason(reading) !== undefined ? undefined : reading;
}
