import type { Clause } from './clauses.ts';
import { wordsOf } from './words.ts';

/** Words that conclude: what follows them is what the text comes to. */
const conclusions = wordsOf(
  `so,therefore,thus,hence,consequently,accordingly,ergo,final,finally,overall,conclusion,verdict,donc,alors,also,folglich,
  daher,somit,entonces,portanto,quindi,dunque,значит,итак,поэтому,所以,因此,よって,したがって,따라서,그래서,इसलिए,إذن,لذلك,তাই`,
);

/** Words before an answer that say nothing of it. */
const fillers = wordsOf(
  `well,then,ok,okay,alright,in,short,brief,summary,result,answer,response,reply,long,the,my,oh,ah,um,and,honestly,just,
  assistant,here,luego,por,tanto,lo,that,is,it's,it,that's,a,an,meant,mean,eh,bien,nun,na,bueno,pues,ну,definite,resounding,clear,firm,
  simple,option,say,i'd,i,would,i'll,must,we,c'est,es,ist,é,è,est,das,`,
);

/** Words that take back what was said before them. */
const corrections = wordsOf(
  `wait,actually,correction,sorry,oops,hmm,hm,however,no wait,wait no,hold on,hang on,scratch that,on second thought,
  on second thoughts,on reflection,let me,let's check,my mistake,i misread,i made,i was wrong,rather,i mean,re-evaluating,
  attendez,attends,en fait,warte,moment,espera,perdón,espere,aspetta,подождите,стоп,等等,等一下,不对,待って,잠깐`,
);

/** Whether a clause takes back what the text said before. */
export const isCorrection = ({ words }: Clause): boolean =>
  [1, 2, 3].some((length) => length <= words.length && corrections.has(words.slice(0, length).join(' ')));

/** Whether a clause leads to the text's conclusion: "so", "in conclusion". */
export const concludes = ({ words }: Clause): boolean =>
  conclusions.has(words[0] ?? '') || (words.length <= 4 && words.some((word) => conclusions.has(word)));

/** Returns the position after the words that open a clause and say nothing of the answer. */
export function afterFillers(words: readonly string[]): number {
  let at = 0;
  while (at < words.length && isFiller(words[at] ?? '')) at++;
  return at;
}

/** Whether a word before an answer says nothing of it. */
export const isFiller = (word: string): boolean =>
  fillers.has(word) || conclusions.has(word) || corrections.has(word);

/** Whether a clause says nothing but that the answer follows: "in short", "on second thought". */
export const isFillerClause = (clause: Clause): boolean =>
  afterFillers(clause.words) === clause.words.length || (clause.words.length <= 4 && isCorrection(clause));
