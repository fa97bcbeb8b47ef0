import type { Clause } from './clauses.ts';
import { isCorrectionWord, opensCorrection } from './correction-words.ts';
import { wordsOf } from './words.ts';

/** Words that conclude: what follows them is what the text comes to. */
const conclusions = wordsOf(
  'so,therefore,thus,hence,consequently,accordingly,ergo,final,finally,overall,conclusion,verdict,donc,alors,also,folglich,' +
    'daher,somit,entonces,portanto,quindi,dunque,значит,итак,поэтому,所以,因此,よって,したがって,따라서,그래서,इसलिए,إذن,لذلك,তাই',
);

/** Words before an answer that say nothing of it. */
const fillers = wordsOf(
  'well,then,ok,okay,alright,in,short,brief,summary,result,answer,response,reply,long,the,my,oh,ah,um,and,honestly,just,' +
    "assistant,here,luego,por,tanto,lo,that,is,it's,it,that's,a,an,meant,mean,eh,bien,nun,na,bueno,pues,ну,definite,resounding,clear,firm," +
    "simple,option,say,think,guess,vote,i'd,i'm,i,would,i'll,must,we,going,with,lean,leaning,towards,toward,c'est,es,ist,é,è,est,das,",
);

/** Whether a clause takes back what the text said before. */
export const isCorrection = ({ words }: Clause): boolean => opensCorrection(words);

/** Whether a text breaks off within a correction: "B, no wait". */
export const breaksOff = (clauses: readonly Clause[]): boolean => {
  const last = clauses.at(-1);
  return (
    clauses.length > 1 && last !== undefined && isCorrection(last) && last.words.length <= SHORTEST_SAYING
  );
};

/** A longer clause says more than that a correction follows. */
const SHORTEST_SAYING = 3;

/** Whether a clause leads to the text's conclusion: "so", "in conclusion". */
export const concludes = ({ words }: Clause): boolean =>
  conclusions().has(words[0] ?? '') || (words.length <= 4 && words.some((word) => conclusions().has(word)));

/** Returns the position after the words that open a clause and say nothing of the answer. */
export function afterFillers(words: readonly string[]): number {
  let at = 0;
  while (at < words.length && isFiller(words[at] ?? '')) at++;
  return at;
}

/** Whether a word before an answer says nothing of it. */
export const isFiller = (word: string): boolean =>
  fillers().has(word) || conclusions().has(word) || isCorrectionWord(word);

/** Whether a clause says nothing but that the answer follows: "in short", "on second thought". */
export const isFillerClause = (clause: Clause): boolean =>
  afterFillers(clause.words) === clause.words.length || (clause.words.length <= 4 && isCorrection(clause));
