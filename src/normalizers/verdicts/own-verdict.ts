import { lazily } from '../../domain/lazily.ts';
import type { Clause } from '../reading/clauses.ts';
import { afterFillers, isFiller } from '../reading/discourse.ts';
import {
  conditions as allConditions,
  doubts,
  isIdiom,
  isNegator,
  maybes,
  openings,
} from '../reading/negation.ts';
import { wordSet, wordsOf } from '../reading/words.ts';
import { BOTH, firstWords, heads, NO, type Side, shrugs, sideOf } from './verdict-words.ts';

/** How sure a verdict is. */
const adverbs = wordsOf(
  'definitely,absolutely,certainly,clearly,surely,probably,likely,most,very,obviously,simply,totally,completely,' +
    'entirely,indeed,still,truly,really,undoubtedly,evidently,sir,certainement,probablement,évidemment,sicher,bestimmt,' +
    'sicherlich,wahrscheinlich,definitiv,definitivamente,probablemente,ciertamente,seguramente,certamente,provavelmente,' +
    'probabilmente,sicuramente,точно,вероятно,абсолютно,очевидно,разумеется',
);

/** What a "no" continues with if it is an answer: "No it is not", "No 91 is 7 × 13"; but not "no remainder". */
const afterNo = wordsOf(
  `it,it's,its,that,that's,this,these,those,the,because,since,as,i,i'd,i'm,we,you,he,she,they,there's,not,due`,
);

/** The words of a condition or an exception. */
export const conditions = lazily(
  (): ReadonlySet<string> =>
    new Set([
      ...allConditions(),
      ...openings(),
      ...wordSet('provided,providing,vorausgesetzt,except,außer,sauf,salvo,excepto,кроме'),
    ]),
);

const restricting = wordsOf(
  'only,depends,sometimes,if,partly,partially,teilweise,nur,seulement,solo,somente,soltanto,только',
);

const alternatives = wordsOf('or,/,|,and,&,oder,ou,o,или');

/** Returns what a clause says by itself. Within a sentence, a clause says it by yes and no only. */
export function ownVerdict(
  clause: Clause,
  next: Clause | undefined,
  leads: boolean,
  previous?: Clause,
): Side | undefined {
  const words = clause.words.slice(afterFillers(clause.words));
  const whole = clause.words.join(' ');
  if (leads && (shrugs().has(words.join(' ')) || shrugs().has(whole))) return BOTH;
  const side =
    (leads ? sideOf(whole) : undefined) ??
    spoken(words, leads, clause.words.length === 1 && previous?.edge === ',' && next?.opens !== false);
  if (side === undefined || isNumberSign(clause, next)) return undefined;
  return next !== undefined && !next.opens && restricts(next.words) ? BOTH : side;
}

/** Whether a clause that opens with a word may say yes or no. */
export const opensVerdict = (word: string): boolean =>
  firstWords().has(word) || adverbs().has(word) || isNegator(word) || isFiller(word);

/** @param isItem whether the clause is one word after a comma and ends its sentence, as in "true, false". */
function spoken(words: readonly string[], leads: boolean, isItem: boolean): Side | undefined {
  const plain = withoutAdverbs(words);
  if (plain.length > 1 && plain.length <= (leads ? MIXED : MIXED / 2) && isMixed(plain)) return BOTH;
  const phrase = plain.join(' ');
  const side = leads
    ? (sideOf(words.join(' ')) ?? sideOf(phrase))
    : (isItem ? heads() : yesOrNo()).get(phrase);
  if (side !== undefined) return side;
  if (plain.length === 1 && words.length > 1 && isNegator(phrase)) return NO;
  return leads ? fromHead(words) : undefined;
}

/** The maximum number of words of a clause that is searched for a doubt next to a yes or no, as "yes or no". */
const MIXED = 6;

function isMixed(words: readonly string[]): boolean {
  const sides = new Set(
    words
      .map((word, index) => (isIdiom(words, index) ? undefined : heads().get(word)))
      .filter((side) => side !== undefined),
  );
  if (sides.size === 0) return false;
  return sides.size > 1 || words.some((word) => doubts().has(word));
}

const isJudgement = (word: string): boolean => /^(?:true|false|correct|incorrect)$/.test(word);

/** Yes and no without true and false, which a sentence may say of another matter. */
const yesOrNo = lazily(() => new Map([...heads()].filter(([word]) => !isJudgement(word))));

function withoutAdverbs(words: readonly string[]): readonly string[] {
  let from = 0;
  let to = words.length;
  if (words[0] === 'almost' && words[1] === 'certainly') from = 2;
  while (from < to - 1 && adverbs().has(words[from] ?? '')) from++;
  while (to > from + 1 && adverbs().has(words[to - 1] ?? '')) to--;
  return words.slice(from, to);
}

/** Returns the verdict that a clause opens with: "Yes it is", "No 91 is 7 × 13", "True because …". */
function fromHead([head = '', second = '', third = '']: readonly string[]): Side | undefined {
  const side = heads().get(head);
  if (side === undefined || second === '') return side;
  if (conditions().has(second) || (second === 'only' && conditions().has(third))) return BOTH;
  if (isJudgement(head)) return /^(?:because|since|as)$/.test(second) ? side : undefined;
  if (side === NO && !afterNo().has(second) && !(third !== '' && /^\d/.test(second))) return undefined;
  return side;
}

/** Whether what follows a "no" leaves it an answer: not "no doubt", "no remainder". */
export function goesOnAfterNo(rest: string): boolean {
  const next = /^[^\S\r\n]+([\p{L}']+)/u.exec(rest)?.[1];
  return next === undefined || afterNo().has(next.toLowerCase());
}

/** Whether a "no" is that of "No. 5", also in "No. 7 is my favorite"; not in "No. 91 is divisible by 7". */
const isNumberSign = (clause: Clause, next: Clause | undefined): boolean => {
  const [number, ...more] = next?.words ?? [];
  if (clause.words.at(-1) !== 'no' || clause.edge !== '.' || !/^\d+$/.test(number ?? '')) return false;
  return !more.some((word) => /^\d/.test(word) || isNegator(word) || arithmetic().has(word));
};

/** What is said of a number that is no label. */
const arithmetic = wordsOf(
  'prime,composite,even,odd,divisible,multiple,square,greater,less,larger,smaller,more,fewer,equals',
);

/** Whether the clause after a verdict takes a part of it back: "if …", "but only …", "or no". */
function restricts([first = '', second = '', ...more]: readonly string[]): boolean {
  if (conditions().has(first) || (first === 'only' && (conditions().has(second) || second === 'for')))
    return true;
  if ((restricting().has(first) || maybes().has(first)) && second === '') return true;
  if (alternatives().has(first))
    return second === '' || (heads().has(second) && more.length === 0) || conditions().has(second);
  return (
    /^(?:but|mais|aber|pero|mas|ma|но)$/.test(first) &&
    [second, ...more].some((word) => restricting().has(word) || isNegator(word))
  );
}
