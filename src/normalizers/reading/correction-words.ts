import { lazily } from '../../domain/lazily.ts';
/** The words by which a text corrects itself: one list for announcements, verdicts and options. */
import { wordsOf } from './words.ts';

/** They take back what was said before, if they open a clause. */
export const retractions = wordsOf(
  'wait,hold on,hang on,hm,hmm,hmmm,hmmmm,oops,whoops,sorry,apologies,my apologies,no wait,wait no,correction,rectification,scratch that,' +
    'strike that,ignore that,disregard that,forget that,i take that back,i take it back,let me correct that,let me correct myself,' +
    'let me fix that,my mistake,my bad,on second thought,on second thoughts,on further thought,on further reflection,' +
    'on closer inspection,on further inspection,on closer examination,on closer look,on a closer look,on reflection,upon reflection,' +
    'upon review,upon closer inspection,upon further reflection,upon checking,' +
    'attendez,attends,je me trompe,je rectifie,warte,warten sie,moment mal,korrektur,ich korrigiere,espera,espere,un momento,' +
    'corrección,me equivoqué,me corrijo,correção,aguarde,me enganei,corrigindo,aspetta,aspetti,correzione,mi sbaglio,mi correggo,' +
    'подожди,подождите,стоп,исправление,поправка,я ошибся,रुको,रुकिए,انتظر,تصحيح,অপেক্ষা,' +
    '等等,等一下,不对,不對,更正,我错了,我錯了,待って,待ってください,訂正,間違えました,잠깐,잠깐만요,정정,정정합니다,tunggu,bekle,czekaj,wacht',
);

/** The same; what they continue with is the mistake, not the answer: "I forgot to subtract 4". */
export const admissions = wordsOf(
  'i misread,i miscalculated,i miscounted,i misunderstood,i mistyped,i misspoke,i was wrong,i was mistaken,i forgot,' +
    'i made a mistake,i made an error',
);

/** The same, if a comma or the end of the clause follows: not "never mind the units". */
export const briefRetractions = wordsOf(
  'never mind,nevermind,moment,pardon,perdón,perdon,disculpa,disculpe,desculpe,desculpa,scusa,scusate,entschuldigung,' +
    'verzeihung,извините,простите,すみません,失礼,죄송합니다,抱歉',
);

/** What contradicts what was said before, if a comma or the end of the clause follows: not "no remainder". */
export const contradictions = wordsOf(
  `no,nope,nah,nein,nee,non,não,нет,いや,いいえ,아니,아니요,아뇨,不,नहीं,لا,না,hayır,nie`,
);

/** The headings of a change. */
export const edits = wordsOf(`edit,edited,update,updated,p.s.,ps,erratum,nachtrag,édit,errata`);

/** They may stand right before the answer that counts: "wait, actually 13". */
export const replacements = wordsOf(
  'actually,or rather,rather,i mean,i meant,make that,make it,en fait,en realidad,de hecho,na verdade,in realtà,anzi,' +
    'eigentlich,vielmehr,plutôt,mejor dicho,ou melhor,вернее,точнее,на самом деле,其实,其實,应该是,應該是,実は,正しくは,사실은,사실',
);

/** They go over the matter again. */
const reconsiderations = wordsOf(
  `however,let me,let's check,let's recheck,let's double-check,let's verify,re-evaluating,i made`,
);

const allOf = (...lists: readonly (() => ReadonlySet<string>)[]): (() => ReadonlySet<string>) =>
  lazily(() => new Set(lists.flatMap((list) => [...list()])));

const withdrawals = allOf(retractions, admissions, briefRetractions, edits);

const corrections = allOf(withdrawals, replacements, reconsiderations);

const LONGEST = lazily(() => Math.max(...[...corrections()].map((phrase) => phrase.split(' ').length)));

/** Whether words open with a correction. */
export const opensCorrection = (words: readonly string[]): boolean => opensWith(corrections(), words);

function opensWith(phrases: ReadonlySet<string>, words: readonly string[]): boolean {
  for (let length = 1; length <= Math.min(LONGEST(), words.length); length++)
    if (phrases.has(words.slice(0, length).join(' '))) return true;
  return false;
}

const firm = allOf(withdrawals, wordsOf('actually,or rather,i mean,i meant,make that'));

/** Whether words open with a correction that says nothing else: not "rather than 43". */
export const opensRetraction = (words: readonly string[]): boolean => opensWith(firm(), words);

/** Whether a word alone is a correction. */
export const isCorrectionWord = (word: string): boolean => corrections().has(word);

/** Returns the pattern of a list: its longest phrases first, with any white space or a comma between their words. */
export const patternOf = (phrases: ReadonlySet<string>): string =>
  [...phrases]
    .toSorted((one, other) => other.length - one.length)
    .map((phrase) => phrase.replaceAll('.', '\\.').replaceAll("'", "['\u2019]").replaceAll(' ', ',?\\s+'))
    .join('|');
