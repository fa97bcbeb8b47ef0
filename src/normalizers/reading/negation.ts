import { wordsOf } from './words.ts';

/** The words that deny what follows them, in the languages of {@link wordsOf the lists}. `n't` is told by its end. */
const negators = wordsOf(
  `not,never,no,none,nor,neither,without,nothing,nobody,cannot,cant,dont,isnt,hardly,barely,scarcely,least,
  pas,jamais,ni,aucun,aucune,sans,non,nicht,nie,niemals,kein,keine,keinen,keiner,weder,noch,ohne,no,nunca,tampoco,
  ningún,sin,não,nao,nem,nunca,sem,né,mai,senza,не,ни,нет,без,никогда,nie,değil,bukan,tidak,niet,geen,
  नहीं,न,ना,मत,ليس,ليست,لا,غير,لم,لن,না,নয়,নেই,نہیں,아니라,아닌,아닙니다`,
);

export const isNegator = (word: string): boolean => negators.has(word) || word.endsWith("n't");

/** What a "no" before it does not answer and a "not" before it does not deny: "no doubt", "no problem", "not only". */
const idioms = wordsOf(
  `doubt,problem,problems,question,worries,worry,wonder,need,matter,only,just,merely,surprise,duda,dúvida,doute,zweifel,
  hay duda,сомнений,сомнения`,
);

/** Whether the negator at `at` belongs to a set phrase that denies nothing. */
export const isIdiom = (words: readonly string[], at: number): boolean => idioms.has(words[at + 1] ?? '');

/** The words that leave open what they speak of: a condition, an alternative, a doubt. */
export const doubts = wordsOf(
  `if,unless,whether,when,how,says,said,claims,claimed,believes,thinks,argues,supposed,assume,assumes,assuming,suppose,imagine,hope,hopes,wish,should,he,she,they,some,people,someone,deny,denies,fail,
  fails,dispute,refuse,would,could,may,might,maybe,perhaps,possibly,sometimes,partly,partially,half,almost,nearly,hardly,
  seldom,rarely,unlikely,doubt,doubtful,unclear,uncertain,unsure,unknown,depends,depending,either,or,only,otherwise,
  peut-être,peut,parfois,ou,vielleicht,ob,wenn,falls,oder,manchmal,teilweise,quizá,quizás,tal vez,talvez,talvez,acaso,
  puede,pode,forse,magari,se,может,возможно,если,или,ли,иногда,शायद,यदि,अगर,या,ربما,إذا,قد,أو,হয়তো,যদি,বা,아마,아마도,만약`,
);
