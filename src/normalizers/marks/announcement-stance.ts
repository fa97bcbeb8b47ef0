import { lazily } from '../../domain/lazily.ts';
import { isBeyondAscii } from '../reading/characters.ts';
import { opensCorrection } from '../reading/correction-words.ts';
import {
  CROSSES,
  conditions,
  indirectQuestions,
  isIdiom,
  isNegator,
  maybes,
  openings,
  suppositions,
} from '../reading/negation.ts';
import { wordsOf } from '../reading/words.ts';
import { OPENERS } from './announcement-words.ts';

/** Why an announcement is not the answer that the text gives; `undefined` if it is. */
export type Stance = 'open' | 'denied' | 'attributed' | undefined;

/** Words and the marks that end a clause, in lower case. */
const TOKEN = lazily(
  () =>
    new RegExp(
      `[\\p{L}\\p{M}]+(?:['\\u2019-][\\p{L}\\p{M}]+)*|\\p{N}+|[,;:()\\u2013\\u2014${CROSSES}]`,
      'gu',
    ),
);

const isMark = (token: string): boolean => /^[,;:()\u2013\u2014]$/.test(token);

const isCross = (token: string): boolean => CROSSES.includes(token);

/**
 * Returns what the words before an announcement in its sentence make of it: they leave it open ("if", "suppose that"),
 * deny it ("I don't think"), or say that others give it ("a common mistake is to say").
 */
export function stanceOf(before: string): Stance {
  if (before.length < SHORTEST && !isBeyondAscii(before.charCodeAt(0))) return undefined;
  const unspaced = UNSPACED.exec(before)?.groups;
  if (unspaced !== undefined) return stanceOfGroup(unspaced);
  const tokens = (before.toLowerCase().match(TOKEN()) ?? []).map((token) => token.replaceAll('\u2019', "'"));
  const words = tokens.slice(1 + tokens.findLastIndex((token) => conclusions().has(token)));
  if (words.some(isCross)) return 'denied';
  if (words.some((word, at) => isCondition(words, word, at))) return 'open';
  const { clause, before: earlier } = lastClause(words);
  return stanceOfClaim(clause) ?? (clause.length === 0 ? stanceOfLead(earlier) : undefined);
}

/** Returns what the words before a value that is not announced make of it: "people say it is" gives it to others. */
export const stanceOfMention = (before: string): Stance =>
  stanceOf(before.replace(/(?<!\p{L})(?:it|that|this)(?:['\u2019]s| is| was| as)?\s*$/iu, ''));

/** What a clause before the announcement makes of it: "Nehmen wir an, die Antwort ist", "Manche denken, …". */
function stanceOfLead(words: readonly string[]): Stance {
  const clause = words.slice(1 + words.findLastIndex(isMark));
  if (suppositions().has(clause[0] ?? '') || (clause.length === 1 && maybes().has(clause[0] ?? '')))
    return 'open';
  if (concessions().has(clause[0] ?? '') || opensCorrection(clause)) return undefined;
  return stanceOfClaim(clause) === 'attributed' ? 'attributed' : undefined;
}

/** Fewer characters are no more than "So the". */
const SHORTEST = 5;

const conclusions = wordsOf(
  'so,thus,therefore,hence,consequently,donc,also,daher,somit,portanto,quindi,итак,поэтому',
);

/** The same in scripts without blanks between words. */
const UNSPACED =
  /(?<open>假设|假設|假如|如果|假定|もし|仮に|만약|만일)(?:(?!所以|因此|故|따라서|したがって|よって).)*$|(?:(?<asked>若|检查|檢查|是否|가정)|(?<denied>不认为|不認為|不觉得|不覺得|怀疑|懷疑)|(?<attributed>有人|很多人|许多人|許多人|人们|學生|学生|错误|錯誤|误以为|誤以為|会认为|會認為|よくある|많은 사람|흔한 실수))(?:(?!所以|因此|따라서)[^,\uff0c\u3001])*$/u;

const stanceOfGroup = ({ open, asked, denied }: Record<string, string | undefined>): Stance =>
  (open ?? asked) !== undefined ? 'open' : denied !== undefined ? 'denied' : 'attributed';

/** Whether a word is a condition. Some are one only where a clause begins: "si n est impair", but not "come si vede". */
const isCondition = (words: readonly string[], word: string, at: number): boolean =>
  (conditions().has(word) && words[at - 1] !== 'even') ||
  indirectQuestions().has(word) ||
  (openings().has(word) &&
    (at === 0 || isMark(words[at - 1] ?? '')) &&
    !reflexive().has(words[at + 1] ?? ''));

/** Words that open a clause on another matter than the answer. */
const concessions = wordsOf(
  'although,though,while,whereas,unlike,contrary,despite,even,as,whatever,obwohl,anders,wie,contrairement,comme,como,aunque,embora,come,sebbene,хотя,как',
);

/** Verbs after a "se" that is no condition: "se puede ver que". */
const reflexive = wordsOf(
  'puede,pueden,podría,ve,vê,vede,sabe,sa,obtiene,concluye,deduce,sigue,pode,può,tiene,ottiene,conclude',
);

/** Returns the words of the clause that is open at the end. A comma before "dass" and "that" ends none. */
function lastClause(words: readonly string[]): { clause: readonly string[]; before: readonly string[] } {
  let end = words.length;
  while (end > 0 && saysNothing(words[end - 1] ?? '')) end--;
  const open = words.slice(0, end);
  const isLinked = links().has(open.at(-1) ?? '');
  const mark = open.findLastIndex(
    (word, at) => (isMark(word) && !(isLinked && at === end - 2)) || breaks().has(word),
  );
  return {
    clause: open.slice(mark + 1).filter((word) => !isMark(word)),
    before: open[mark] === ',' ? open.slice(0, mark) : [],
  };
}

const saysNothing = (word: string): boolean =>
  (OPENERS.has(word) && !links().has(word)) || adverbs().has(word);

const adverbs = wordsOf(
  'often,always,usually,also,only,actually,likely,probably,then,a,an,this,het,de,une,eine,un,una',
);

const breaks = wordsOf('and,but,und,aber,et,mais,y,pero,mas,ma,и,но,because,since,weil');

/** Words that lead from a claim to what is claimed. */
const links = wordsOf('that,dass,daß,que,che,что,कि,أن,যে,dat,że');

/** Verbs and nouns of claims, which need not be right. The first person says what it means. */
const claims = wordsOf(
  'say,says,saying,said,view,views,choosing,picking,selecting,think,thinks,thinking,thought,believe,believes,believing,believed,claim,claims,claiming,claimed,' +
    'argue,argues,argued,insist,insists,guess,guesses,guessed,assumed,assumes,answers,answered,wrote,writes,expect,expects,expected,' +
    'concluded,mistake,error,misconception,myth,idea,belief,notion,assumption,hypothesis,rumor,' +
    'sagen,sagt,sagten,denken,denkt,dachte,glauben,glaubt,meinen,meint,behaupten,behauptet,annehmen,' +
    'dire,disent,dit,penser,pensent,croire,croient,croit,prétendre,affirmer,' +
    'decir,dice,dicen,pensar,piensa,piensan,creer,cree,creen,afirmar,dizer,diz,dizem,pensam,achar,acha,acham,acreditar,' +
    'pensare,pensa,pensano,credere,crede,credono,dicono,' +
    'сказать,говорит,говорят,думать,думают,подумать,считать,считают,полагать,полагают',
);

const own = wordsOf(
  "i,i'd,i'll,i'm,i've,we,we'd,we'll,my,our,ich,wir,je,j'ai,nous,yo,eu,io,я,мы,podemos,possiamo,puedo,posso,pouvons,podem,puede,può,pode,kann,können,peut,passage,text,document,article,context," +
    'formula,theorem,arithmetic,logic,rule,law,data,table,definition,equation,math,calculation,safe,fair,' +
    'reasonable,accurate,correct',
);

const others = wordsOf(
  'students,people,many,some,most,others,they,everyone,everybody,someone,beginners,children,kids,users',
);

/** Past verbs of the first person: "I thought the answer was". */
const past = wordsOf('thought,believed,guessed,assumed,expected,dachte,claimed,concluded');

/** What a text chose before it thought again: "I first chose B". */
const earlier = wordsOf(
  'first,initially,originally,earlier,previously,zuerst,zunächst,ursprünglich,abord,primero,inicialmente,prima,сначала',
);

const choices = wordsOf(
  'chose,picked,selected,went,said,had,got,answered,wählte,nahm,choisi,elegí,escolhi,scelto,выбрал',
);

/** What a negation before them denies: "not true that", "no way". */
const deniable = wordsOf(
  'think,believe,say,sure,certain,clear,mean,agree,claim,conclude,true,case,right,correct,convinced,confident,know,denk,geloof,stimmt,follow,imply,' +
    'possible,way,accept,suggest,believes,thinks,denken,glaube,glauben,denke,sicher,wahr,pense,crois,penser,croire,vrai,sûr,creo,' +
    'pienso,cierto,verdad,creer,acho,creio,penso,verdade,credo,vero,думаю,считаю,sądzę,myślę,uważam,верно,правда,लगता,أعتقد',
);

/** Words that deny what follows. */
const refusals = wordsOf(
  'false,wrong,incorrect,untrue,impossible,unlikely,doubt,doubts,doubtful,deny,denies,mistaken,inaccurate,disagree,falsch,unwahr,' +
    'bezweifle,faux,douteux,doute,falso,incorrecto,dudo,duvido,errado,dubito,sbagliato,неверно,неправда,сомневаюсь',
);

/** How many words a negation may stand before what it denies. */
const NEAR = 3;

function stanceOfClaim(clause: readonly string[]): Stance {
  const isLinked = links().has(clause.at(-1) ?? '');
  const words = isLinked ? clause.slice(0, -1) : clause;
  const last = words.at(-1);
  if (last === undefined) return undefined;
  if (suppositions().has(last) || words.some((word) => maybes().has(word))) return 'open';
  const denied = words.findIndex((word, at) => isDenial(words, word, at));
  if (denied >= 0 && (isLinked || claims().has(last) || deniable().has(last) || refusals().has(last)))
    return 'denied';
  if (last === 'be' && isNegator(words.at(-2) ?? '')) return 'denied';
  if (choices().has(last) && words.some((word) => earlier().has(word))) return 'attributed';
  const isAnswered = last === 'answer' && words.some((word) => others().has(word));
  const at = words.findLastIndex((word) => claims().has(word) || (isAnswered && word === last));
  if (at < 0 || at < words.length - 2) return undefined;
  const isOwn = words.some((word) => own().has(word)) && !past().has(words[at] ?? '');
  return isOwn ? undefined : 'attributed';
}

/** Whether a word denies what the clause continues with: "it is false that", "nobody believes", but not "no doubt that". */
function isDenial(words: readonly string[], word: string, at: number): boolean {
  if (refusals().has(word)) return !isNegator(words[at - 1] ?? '');
  if (!isNegator(word) || isIdiom(words, at)) return false;
  return words.slice(Math.max(0, at - 2), at + 1 + NEAR).some((near) => deniable().has(near));
}
