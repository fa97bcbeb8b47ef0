import { isAsciiLetter, isBeyondAscii, isDigit, skip } from '../reading/characters.ts';
import { type Clause, clausesOf } from '../reading/clauses.ts';
import { breaksOff, concludes, isCorrection, isFillerClause } from '../reading/discourse.ts';
import { isNegator } from '../reading/negation.ts';
import { wordsOf } from '../reading/words.ts';
import { inContext } from './clause-context.ts';
import { conditions, opensVerdict, ownVerdict } from './own-verdict.ts';
import { predicateOf } from './predicates.ts';
import { sideWithSigns, signed } from './verdict-signs.ts';
import { BOTH, type Side } from './verdict-words.ts';

/** A text of more characters is read by how it opens and how it ends. */
const SHORT = 400;

/** How much of a long text is looked at from either end. */
const END = 600;

/**
 * Returns what a text says by its verdicts: a yes or no that is a sentence of its own, opens or concludes one, or, in a
 * short text, what a sentence says of its subject. A later verdict counts if the text corrects itself or
 * concludes with it; verdicts that contradict each other are {@link BOTH}.
 */
export function verdictOf(text: string): Side | undefined {
  if (text.length <= SHORT) {
    const signs = signed(text);
    if (signs === undefined) return settled(readClauses(text), true);
    return sideWithSigns(signs.side, signs.rest, settled(readClauses(signs.rest), true));
  }
  const opening = firstSentence(readClauses(text.slice(0, END)));
  const tail = readClauses(text.slice(-END));
  const last = tail.findLastIndex(({ opens }) => opens);
  // The cut may have left a piece of a sentence.
  const closing = last < 1 ? [] : tail.slice(last);
  const takesBack = tail.slice(0, Math.max(last, 0)).some(isCorrection);
  return settled([...opening, ...(takesBack ? [RETHINKS] : []), ...closing], false);
}

const readClauses = (text: string): readonly Clause[] => inContext(clausesOf(text));

const RETHINKS: Clause = { words: ['wait'], opens: true, edge: '.' };

function firstSentence(clauses: readonly Clause[]): readonly Clause[] {
  const next = clauses.findIndex(({ opens }, index) => index > 0 && opens);
  return next < 0 ? clauses : clauses.slice(0, next);
}

/** Whether a word at a position may open a verdict. Tells thousands of announcements of other things apart at once. */
export function mayOpenVerdict(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (isDigit(code)) return false;
  if (!isAsciiLetter(code)) return true;
  const end = skip(text, isAsciiLetter, at, at + LONGEST_WORD);
  return isBeyondAscii(text.charCodeAt(end)) || opensVerdict(text.slice(at, end).toLowerCase());
}

const LONGEST_WORD = 20;

/** Goes through the clauses and keeps the verdict that holds at the end. */
function settled(clauses: readonly Clause[], isShort: boolean): Side | undefined {
  const questions = questionsOf(clauses);
  const lastSentence = clauses.findLastIndex(({ opens }) => opens);
  let side: Side | undefined;
  let isReopened = false;
  let isConclusion = false;
  let isConditional = false;
  let leads = true;
  let isDecided = false;
  let scope: Scope = isShort ? 'any' : 'none';
  for (const [index, clause] of clauses.entries()) {
    if (clause.opens) {
      leads = true;
      isConclusion = false;
      isConditional = clause.edge === ',' && conditions().has(clause.words[0] ?? '');
    }
    if (clause.opens && isDecided) scope = isShort ? 'text' : 'none';
    isReopened ||= isCorrection(clause);
    isConclusion ||= concludes(clause);
    if (questions[index] === true || (side !== undefined && clause.words.some(isSupposing))) continue;
    const answersQuestion = clause.opens && questions[index - 1] === true && index < lastSentence;
    const isListed = !leads && lastSentence > 0 && clauses[index - 1]?.edge === ':';
    const own =
      answersQuestion || isListed
        ? undefined
        : ownVerdict(clause, clauses[index + 1], leads, clauses[index - 1]);
    leads &&= isFillerClause(clause);
    const said = own ?? predicateVerdict(clauses, index, scope, side !== undefined && clause.opens);
    if (said === undefined) continue;
    const found = isConditional ? BOTH : said;
    const replaces = isReopened || (own !== undefined && index > 0 && isConclusion);
    side = side === undefined || replaces ? found : ((side | found) as Side);
    isReopened = false;
    isDecided ||= own !== undefined || !isShort;
    if (isDecided) scope = 'sentence';
  }
  return side !== undefined && breaksOff(clauses) ? BOTH : side;
}

/**
 * Which sentences are read for what they say of their subject: any, those on the matter itself ("it is false") within
 * the sentence or the text that a verdict opens, or none.
 */
type Scope = 'any' | 'sentence' | 'text' | 'none';

function predicateVerdict(
  clauses: readonly Clause[],
  index: number,
  scope: Scope,
  isSaid: boolean,
): Side | undefined {
  const words = clauses[index]?.words ?? [];
  if (scope === 'none') return undefined;
  if (scope !== 'any' && !onMatter.test(words.slice(0, 3).join(' '))) return undefined;
  // "No. It is true that 91 is odd" grants a point and takes nothing back.
  if ((scope === 'text' || isSaid) && words.includes('that', 1)) return undefined;
  const side = predicateOf(words);
  if (side === BOTH && scope !== 'any') return undefined;
  return side !== undefined && isTakenBack(clauses, index) ? BOTH : side;
}

/** Whether a clause depends on one that denies it, or continues with a "but". */
function isTakenBack(clauses: readonly Clause[], index: number): boolean {
  const [before, clause, next] = [clauses[index - 1], clauses[index], clauses[index + 1]];
  if (next?.opens === false && adversatives().has(next.words[0] ?? '')) return true;
  const depends = clause?.opens === false && subordinators().has(clause.words[0] ?? '');
  return depends && before?.words.some(isNegator) === true;
}

const adversatives = wordsOf('but,yet,although,though,however,mais,aber,pero,mas,ma,но');

const subordinators = wordsOf('что,dass,que,che');

/** "Yes would be right if …" speaks of another case than the one that was decided. */
const supposing = wordsOf('would,could,might,wäre,würde,serait,sería,seria,sarebbe');

const isSupposing = (word: string): boolean => supposing().has(word);

const onMatter = /^(?:it|that|this|which) (?:is|was)|^(?:it|that)'s|^the (?:statement|claim|answer) is/;

/** Tells of each clause whether its sentence is a question. */
function questionsOf(clauses: readonly Clause[]): readonly boolean[] {
  const questions: boolean[] = [];
  let question = false;
  for (let index = clauses.length - 1; index >= 0; index--) {
    const clause = clauses[index] as Clause;
    if (index === clauses.length - 1 || clauses[index + 1]?.opens === true)
      question = clause.edge === '?' || clause.edge === '\u061f';
    questions[index] = question;
  }
  return questions;
}
