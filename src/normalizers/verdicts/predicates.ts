import { doubts, isNegator } from '../reading/negation.ts';
import { wordsOf } from '../reading/words.ts';
import {
  BOTH,
  doubtsWithoutBlanks,
  endings,
  heads,
  NO,
  predicates,
  type Side,
  verbs,
  YES,
} from './verdict-words.ts';

/** A longer clause says too much besides. */
const LONGEST = 40;

const copulas = wordsOf(
  "is,are,was,be,been,being,seems,seem,appears,remains,to,sounds,looks,isn't,aren't,wasn't,it's,that's,statement's,does,do," +
    "doesn't,don't,can,can't,cannot,está,esta,están,estão,est,c'est,n'est,sont,ist,sind,war,scheint,es,son,fue,parece,é,são,foi,è,sono,было,является," +
    'dir,adalah,is,jest',
);

/** Words between the verb and what it says, also if the verb is denied. */
const between = wordsOf('a,an,the,actually,indeed,even,also,une,un,la,le,eine,ein,una,um,uma,die,das');

/** Words between the verb and what it says that leave a denial open: "not entirely true". */
const degrees = wordsOf(
  'definitely,almost,absolutely,certainly,clearly,surely,probably,likely,most,very,obviously,simply,totally,completely,' +
    'entirely,really,always,necessarily,strictly,fully,mathematically,logically,factually,technically,exactly,quite,tout,à,fait,' +
    'ganz,völlig,completamente,totalmente,absolutamente,assolutamente,совершенно,абсолютно',
);

/** Words at the end of a clause behind what it says. */
const tails = wordsOf(
  'indeed,then,too,at,all,here,however,overall,statement,claim,answer,assertion,proposition,sentence,है,हैं,था,ہے,aussage,aussagen,' +
    'antwort,affirmation,réponse,afirmación,respuesta,afirmação,resposta,affermazione,risposta,утверждение,ответ',
);

const reasons = wordsOf('because,since,as,weil,denn,parce,car,porque,ya,perché,poiché,потому,так');

const introduces = /^(?:that|que|dass|che|что|to (?:say|state|claim) that)(?!\p{L})/u;

const openers = wordsOf("it,it's,c'est,il,es,é,è");

/** Negations that follow what they deny. */
const after = wordsOf('नहीं,নয়,nicht,نہیں');

const sideOfPredicate = (word: string): Side | undefined =>
  predicates().yes.has(word) ? YES : predicates().no.has(word) ? NO : undefined;

/** Returns what a clause says of its subject: "the statement is not true"; both if it is doubtful. */
export function predicateOf(clause: readonly string[]): Side | undefined {
  if (clause.length > LONGEST) return undefined;
  const reason = clause.findIndex((word, index) => index > 1 && reasons().has(word));
  const words = reason < 0 ? clause : clause.slice(0, reason);
  let last = words.length - 1;
  while (last > 0 && tails().has(words[last] ?? '')) last--;
  const denied = after().has(words[last] ?? '') && last > 0;
  if (denied) last--;
  const word = words[last] ?? '';
  if (verbs().has(word)) return denied ? NO : judged(words, last, YES);
  const side = sideOfPredicate(word);
  if (side !== undefined && denied) return side === YES ? NO : BOTH;
  if (side !== undefined) return judged(words, last, side);
  return withoutBlanks(word) ?? introduced(words);
}

/** Returns what "it is true that …" says. */
function introduced(words: readonly string[]): Side | undefined {
  if (!openers().has(words[0] ?? '')) return undefined;
  const at = words.findIndex(
    (word, index) =>
      index > 0 &&
      introduces.test(words.slice(index + 1, index + 4).join(' ')) &&
      sideOfPredicate(word) !== undefined,
  );
  if (at < 0) return undefined;
  const more = words.slice(at + 2);
  return more.some((word) => sideOfPredicate(word) !== undefined)
    ? BOTH
    : judged(words.slice(0, at + 1), at, sideOfPredicate(words[at] ?? '') ?? BOTH);
}

/** Turns what the word at `last` says by the words before it. */
function judged(words: readonly string[], last: number, side: Side): Side | undefined {
  const before = words.slice(0, last);
  if (before.some((_, index) => isDoubt(before, index))) return BOTH;
  const verb = before.findLastIndex((word) => !between().has(word) && !degrees().has(word));
  const negations = before.filter(isNegator).length;
  if (negations === 0) return needsNoVerb(words[last]) || isVerb(words[verb]) ? side : undefined;
  const denial = before.findLastIndex(
    (word, index) => index <= verb && (isNegator(word) || !copulas().has(word)),
  );
  const isPlain = negations === 1 && isNegator(words[denial] ?? '') && !before.slice(verb + 1).some(isDegree);
  return isPlain && side === YES ? NO : BOTH;
}

/** Whether a word leaves open what follows: a doubt, or another yes, true or false. */
const isDoubt = (words: readonly string[], at: number): boolean => {
  const word = words[at] ?? '';
  if (word === 'almost' && words[at + 1] === 'certainly') return false;
  return (
    doubts().has(word) ||
    opposing().has(word) ||
    others().has(word) ||
    sideOfPredicate(word) !== undefined ||
    heads().get(word) === YES
  );
};

/** Verbs that oppose what they introduce: "I disagree that it is true". */
const opposing = wordsOf(
  'disagree,disagrees,disagreed,reject,rejects,rejected,refute,refutes,refuted,contest,contests,question,questions,oppose,opposes,' +
    'challenge,challenges,contradict,contradicts,disbelieve,denied,disputes,disputed',
);

/** Statements other than the one that is asked about. */
const others = wordsOf(
  'opposite,converse,reverse,inverse,negation,contrary,one,first,second,third,former,latter,premise',
);

const isDegree = (word: string): boolean => degrees().has(word);

const isVerb = (word = ''): boolean => copulas().has(word) || /'(?:s|re|m)$/.test(word);

/** Most scripts beyond Latin belong to languages that say "the statement true". */
const needsNoVerb = (word = ''): boolean => verbs().has(word) || isBeyondLatin(word);

const isBeyondLatin = (word: string): boolean => word.charCodeAt(0) > 0x24f;

/** Returns what a clause in a script without blanks says at its end. */
function withoutBlanks(run: string): Side | undefined {
  const ending = endings.find(([pattern]) => pattern.test(run));
  if (ending === undefined) return undefined;
  const [pattern, side] = ending;
  return doubtsWithoutBlanks.test(run.replace(pattern, '')) ? BOTH : side;
}
