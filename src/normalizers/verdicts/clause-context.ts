import type { Clause } from '../reading/clauses.ts';
import { isNegator } from '../reading/negation.ts';
import { wordsOf } from '../reading/words.ts';
import { NO, predicates, type Side, sideOf, YES } from './verdict-words.ts';

/** Headings of a verdict. */
const labels = wordsOf(
  'verdict,judgement,judgment,evaluation,assessment,grade,label,correctness,decision,rating,status,classification,prediction,ruling,' +
    'truth value,final verdict,final judgement,final judgment,final decision,my verdict,my judgement,urteil,bewertung,jugement,' +
    'évaluation,veredicto,evaluación,juicio,avaliação,julgamento,giudizio,valutazione,вердикт,оценка,判断,判定,结论,判決,評価,판정,निर्णय,' +
    'الحكم,রায়',
);

/**
 * Returns clauses with what others make of them: a heading leads to its verdict ("Judgement: incorrect", "correct: no"), and
 * "yes" to a question whether it is false says false.
 */
export const inContext = (clauses: readonly Clause[]): readonly Clause[] => {
  const read: Clause[] = [];
  for (const [index, clause] of clauses.entries()) {
    const previous = clauses[index - 1];
    const label = previous?.edge === ':' && previous.opens && !clause.opens ? previous.words : undefined;
    if (label !== undefined && labels().has(label.join(' '))) read.splice(-1, 1, { ...clause, opens: true });
    else if (label !== undefined && isJudgement(label) && sideOf(clause.words.join(' ')) !== undefined)
      read.splice(-1, 1, saying(clause, sideOf(clause.words.join(' ')), sideOfJudgement(label)));
    else {
      const answer = clause.opens && asksWhetherFalse(clauses, index - 1) ? yesOrNo(clause) : undefined;
      read.push(answer === undefined ? clause : saying(clause, answer, NO));
    }
  }
  return read;
};

/** Returns what the first word of a clause says if it is a yes or no, not a "true". */
const yesOrNo = ({ words: [word = ''] }: Clause): Side | undefined =>
  predicates().yes.has(word) || predicates().no.has(word) ? undefined : sideOf(word);

/** Returns a clause that says what a yes or no makes of a statement. */
const saying = (clause: Clause, answer: Side | undefined, of: Side | undefined): Clause => ({
  ...clause,
  words: [answer === of ? 'true' : 'false'],
  opens: true,
});

/** "Correct", "is correct", "is_correct". */
const isJudgement = (label: readonly string[]): boolean =>
  label.length <= 3 && !label.some(isNegator) && sideOfJudgement(label) !== undefined;

const sideOfJudgement = (label: readonly string[]): Side | undefined => {
  const word = label.at(-1) ?? '';
  return predicates().yes.has(word) ? YES : predicates().no.has(word) ? NO : undefined;
};

/** Whether the sentence that ends with the clause at `last` asks if something is false, and not if it is true. */
function asksWhetherFalse(clauses: readonly Clause[], last: number): boolean {
  const edge = clauses[last]?.edge;
  if (edge !== '?' && edge !== '\u061f') return false;
  let first = last;
  while (first > 0 && clauses[first]?.opens === false) first--;
  const words = clauses.slice(first, last + 1).flatMap((clause) => clause.words);
  return (
    words.some((word) => predicates().no.has(word)) &&
    !words.some((word) => predicates().yes.has(word) || isNegator(word))
  );
}
