import { lazily } from '../../domain/lazily.ts';
import { wordSet, wordsOf } from './words.ts';

/** The words that say that something is not so. `n't` is recognized by its end. */
export const denials = wordsOf(
  'not,never,neither,nor,cannot,cant,dont,isnt,pas,jamais,ni,nicht,nie,niemals,kein,keine,keinen,keiner,keinem,weder,nunca,' +
    'tampoco,não,nao,nem,né,non,mai,не,ни,никогда,değil,bukan,tidak,niet,geen,nooit,không,नहीं,न,मत,ليس,ليست,لا,غير,لم,لن,' +
    'নয়,নেই,نہیں,아니라,아닌,아닙니다,inte,ikke,ikkje',
);

/** The words that deny what follows them: those, and words for nothing. */
const negators = lazily(
  (): ReadonlySet<string> =>
    new Set([
      ...denials(),
      ...wordSet(
        'no,none,without,nothing,nobody,hardly,barely,scarcely,least,aucun,aucune,sans,noch,ohne,niemand,ningún,ninguna,nadie,sin,sem,' +
          'ninguém,senza,nessuno,нет,без,никто,ना,না',
      ),
    ]),
);

export const isNegator = (word: string): boolean => negators().has(word) || word.endsWith("n't");

/** What a "no" before it does not answer and a "not" before it does not deny: "no doubt", "no problem", "not only". */
const idioms = wordsOf(
  'doubt,problem,problems,question,worries,worry,wonder,need,matter,only,just,merely,surprise,surprising,hard,difficult,duda,' +
    'dúvida,dubbio,doute,zweifel,hay duda,сомнений,сомнения',
);

/** Whether the negator at `at` belongs to a set phrase that denies nothing. */
export const isIdiom = (words: readonly string[], at: number): boolean => idioms().has(words[at + 1] ?? '');

/** The words of a condition. */
export const conditions = wordsOf(
  `if,unless,otherwise,when,whenever,assuming,supposing,depending,wenn,sonst,andernfalls,sinon,falls,sofern,angenommen,если,अगर,यदि,إذا,যদি,만약`,
);

/** The words of a question within a sentence. */
export const indirectQuestions = wordsOf('whether,ob,ли');

/** Words that are a condition where a clause begins, and else say something else. */
export const openings = wordsOf('si,se,had,were');

/** The words of a supposition. */
export const suppositions = wordsOf(
  'suppose,supposed,assume,assumes,assuming,imagine,imagining,pretend,check,verify,test,consider,annehmen,nehmen,prüfen,supposons,imaginons,' +
    'vérifions,supongamos,imaginemos,comprobemos,suponha,suponhamos,supponiamo,verifichiamo,допустим,предположим,проверим,मान',
);

/** The adverbs that leave open what they speak of. */
export const maybes = wordsOf(
  'maybe,perhaps,possibly,peut-être,vielleicht,eventuell,möglicherweise,quizá,quizás,talvez,acaso,forse,magari,возможно,शायद,' +
    'ربما,হয়তো,아마,아마도',
);

/** The verbs that do. */
export const modals = wordsOf(
  'could,may,might,könnte,könnten,pourrait,pourraient,podría,podrían,poderia,poderiam,potrebbe,potrebbero',
);

/** The words that leave open what they speak of: a condition, an alternative, a doubt. */
export const doubts = lazily(
  (): ReadonlySet<string> =>
    new Set([
      ...conditions(),
      ...indirectQuestions(),
      ...maybes(),
      ...modals(),
      ...wordSet(
        'how,says,said,claims,claimed,believes,believed,thought,thinks,told,heard,used,supposedly,allegedly,reportedly,argues,supposed,assume,assumes,suppose,imagine,hope,hopes,wish,should,he,she,they,' +
          'some,people,someone,deny,denies,fail,fails,dispute,refuse,would,sometimes,partly,' +
          'partially,half,almost,nearly,hardly,seldom,rarely,unlikely,doubt,doubtful,unclear,uncertain,unsure,unknown,depends,either,or,' +
          'only,peut,parfois,ou,oder,manchmal,teilweise,tal vez,puede,pode,se,может,или,иногда,या,قد,أو,বা',
      ),
    ]),
);

/** The marks that call something right, and those that call it wrong. */
export const CHECKS = '\u2705\u2714\u2713\u2611';
export const CROSSES = '\u274c\u2717\u2718\u2716\u274e';
