import { lazily } from '../../domain/lazily.ts';
import { alternation } from '../reading/alternation.ts';
import {
  type CharacterTest,
  isBeyondAscii,
  isNewline,
  isSpace,
  isWordCharacter,
  skip,
} from '../reading/characters.ts';
import { endOfMatch, matchAt } from '../reading/sticky.ts';
import { isChosen, isMissing, Rank, rankOf, stanceAt } from './announcement-context.ts';
import { type Denial, denialAfter, negatedVerb } from './announcement-denial.ts';
import { isDecoration, skipFiller, skipMarks } from './announcement-value.ts';
import {
  ADJECTIVES,
  ANSWER_NOUNS,
  HEDGES,
  JOINED_ANSWER_NOUNS,
  JOINED_VERBS,
  OPENERS,
  OPTION_NOUNS,
  RESULT_NOUNS,
  SET_OFF_NOUNS,
  VERBS,
} from './announcement-words.ts';

/** An answer that prose announces ("the answer is"): its noun is at `word`, the value at `start`. */
export interface PhraseMark {
  readonly word: number;
  readonly start: number;
  /** Where the value begins if it is a text, which may begin with words that others skip: "is the Louvre". */
  readonly textStart: number;
  readonly rank: Rank;
  /** Why it cannot be read, by its own words. Those before it are looked at only if it is read, by {@link stanceAt}. */
  readonly why?: 'open' | 'denied' | 'missing';
}

/**
 * The pattern of all nouns that may announce an answer, none of which is the name of a tag. Only in a text beyond ASCII are
 * all scripts looked for.
 */
export const nounsOf = (isAscii: boolean): string => {
  const nouns = [...ANSWER_NOUNS, ...RESULT_NOUNS, ...OPTION_NOUNS, ...SET_OFF_NOUNS, ...JOINED_ANSWER_NOUNS];
  const latin = `\\b(?:${alternation(nouns.filter(isLatin))})(?!>)`;
  return isAscii ? latin : `${latin}|(?:${alternation(nouns.filter((noun) => !isLatin(noun)))})+`;
};

const isLatin = (noun: string): boolean => /^[a-z]/.test(noun);

const whole = (nouns: readonly string[]): RegExp => new RegExp(`^(?:${nouns.join('|')})$`, 'i');

const resultNoun = whole(RESULT_NOUNS);
const optionNoun = whole(OPTION_NOUNS);
/** "故选B" needs no verb. */
const choosing = /^(?:故|因此|所以|应|應)/;

/** Emphasis, quotation marks and white space, but not a line break. */
const decoratesLine: CharacterTest = (code) => isDecoration(code) || (isSpace(code) && !isNewline(code));

const CONNECTOR = lazily(
  () =>
    new RegExp(
      `(?<sign>[:=\u2192\u21d2]|=>|->)|(?<dash>[-\u2013\u2014])(?=[ ])|(?<joined>${JOINED_VERBS})|` +
        `(?=can(?:not|['\u2019]t| not) be (?:determined|found|known|computed|calculated|derived|inferred|given|established))|` +
        `(?<hedge>${HEDGES})(?![\\p{L}\\p{M}])|(?:${VERBS}|(?<=odpowied[źz] )to)(?![\\p{L}\\p{M}\\p{Nd}_])`,
      'iuy',
    ),
);

const POSTPOSED = lazily(() => new RegExp(`(?:(?:${ADJECTIVES})(?![\\p{L}\\p{M}])[*_ ]*)+`, 'iuy'));

/** "(to 2 decimal places):", but not "(option B):", which may be the answer. */
const REMARK = lazily(
  () =>
    new RegExp(
      `\\((?=[^()\\n]*\\p{L}{2})(?![^()\\n]*\\b[b-hj-z]\\b)[^()\\n]{4,60}\\)(?=[*_ ]*(?:[:=]|(?:${VERBS})(?![\\p{L}\\p{M}])))`,
      'iuy',
    ),
);

/** The "to the question" of "the answer to the question is". */
const COMPLEMENT =
  /(?:to|of|for|in|on|here|then|,|à|de|du|des|auf|zu|für|a|al|del|da|do|di|alla|на|к|to)(?=[ ,])/iy;

const VERB_AFTER_COMPLEMENT = lazily(() => new RegExp(`[ ,](?:${VERBS})(?![\\p{L}\\p{M}\\p{Nd}_])|:`, 'iu'));

const LONGEST_COMPLEMENT = 80;

/** The same with a question in it: 'the answer to "What is 6 × 7?" is 42'. */
const LONGEST_QUOTING = 240;

const QUOTED = /["\u201c][^"\u201c\u201d\n]*["\u201d]/g;

/** The end of a complement, and words that make it one of another answer. */
const ENDS_COMPLEMENT =
  /\.(?!\d)|[!?;\n]|\b(?:answer|(?<=.{3})(?:which|who)|previous|earlier|other|both|all|these|those)\b/i;

/** A value that may follow a noun without a verb, as in Hindi: "उत्तर 42 है". */
const bareValue = /[ ]*["'*(]{0,3}(?:\d|[A-Z](?![A-Za-z]))/y;

/** "Also ist die Antwort 42", "dass die richtige Antwort B ist". */
const VERB_FIRST = lazily(
  () =>
    /(?<!\p{L})(?:ist|lautet|dass|daß|is|dat) (?:(?:also|daher|somit|dus) )?(?:die|het) (?:\p{Ll}+ )?(?:antwort|antwoord) $/iu,
);

const LOOKBACK = 40;

/** Reads the announcement of the noun from `word` to `end`, and skips the fillers before the value. */
export function phraseMark(text: string, word: number, end: number): PhraseMark | undefined {
  if (word > 0 && isWordCharacter(text.charCodeAt(word - 1))) return undefined;
  const noun = text.slice(word, end);
  if (isWordCharacter(text.charCodeAt(end)) && isWordCharacter(text.charCodeAt(end - 1))) return undefined;
  if (optionNoun.test(noun) && !isChosen(text, word)) return undefined;
  const rank = rankOf(text, word, resultNoun.test(noun) ? Rank.result : Rank.answer);
  if (rank === undefined) return undefined;
  if (choosing.test(noun)) return { word, ...startsAfter(text, end), rank };
  const postposed = endOfMatch(POSTPOSED(), text, skip(text, decoratesLine, end));
  const remarked =
    rank === Rank.result ? postposed : endOfMatch(REMARK(), text, skip(text, decoratesLine, postposed));
  const after = skip(text, decoratesLine, remarked);
  const isFinal = rank === Rank.answer && /final|definit|النهائي|akhir/i.test(text.slice(end, postposed));
  const connector = connectorAt(text, after, word);
  if (connector !== undefined) {
    const { hedges, start } = connector;
    const starts = startsAfter(text, start);
    return {
      word,
      ...starts,
      rank: isFinal ? Rank.final : rank,
      ...(isMissing(text, word)
        ? { why: 'missing' }
        : hedges
          ? { why: 'open' }
          : despite(text, word, denialAfter(text, word, starts.start))),
    };
  }
  const denial = negatedVerb(text, after);
  if (denial !== undefined)
    return { word, ...startsAfter(text, after), rank, ...despite(text, word, denial) };
  // `### Final Answer`, `**Answer**`, `Answer` on a line of their own.
  const isHeading = isNewline(text.charCodeAt(after)) && rank > Rank.result && opensLine(text, word);
  return isHeading ? { word, ...startsAfter(text, after), rank } : undefined;
}

/** Returns what a denial makes of an announcement: it turns to another value, or cannot be read. */
function despite(text: string, word: number, denial: Denial | undefined): Partial<PhraseMark> {
  if (denial === undefined || stanceAt(text, word) !== undefined) return {};
  return denial.start === undefined ? { why: 'denied' } : startsAfter(text, denial.start);
}

const startsAfter = (text: string, at: number): Pick<PhraseMark, 'start' | 'textStart'> => ({
  start: skipFiller(text, at),
  textStart: skipMarks(text, at),
});

interface Connector {
  readonly hedges: boolean;
  readonly start: number;
}

/** Returns the position after a colon, an equals sign, a dash or a verb at `at`, or after a complement and its verb. */
function connectorAt(text: string, at: number, word: number): Connector | undefined {
  const match = matchAt(CONNECTOR(), text, at);
  if (match !== null) {
    const { dash, hedge } = match.groups ?? {};
    if (dash !== undefined && !opensLine(text, word)) return undefined;
    return { hedges: hedge !== undefined, start: at + match[0].length };
  }
  const start = verbAfterComplement(text, at);
  if (start !== undefined) return { hedges: false, start };
  const isBare =
    endOfMatch(bareValue, text, at) > at &&
    (isBeyondAscii(text.charCodeAt(word)) || VERB_FIRST().test(text.slice(Math.max(0, word - LOOKBACK), at)));
  return isBare ? { hedges: false, start: at } : undefined;
}

/** Returns the position after the verb of "the answer to 6 × 7 is", if a complement begins at `at`. */
function verbAfterComplement(text: string, at: number): number | undefined {
  if (endOfMatch(COMPLEMENT, text, at) === at) return undefined;
  const near = text.slice(at, at + LONGEST_COMPLEMENT);
  const rest = /["\u201c]/.test(near)
    ? text.slice(at, at + LONGEST_QUOTING).replace(QUOTED, (quoted) => '_'.repeat(quoted.length))
    : near;
  const verb = VERB_AFTER_COMPLEMENT().exec(rest);
  const stop = ENDS_COMPLEMENT.exec(rest)?.index ?? rest.length;
  return verb !== null && verb.index < stop ? at + verb.index + verb[0].length : undefined;
}

/** The longest announcement before an answer, with its emphasis. */
const LONGEST_OPENING = 60;

/** Whether the announcement of the noun at `word` opens its line: "So my final answer is". */
export function opensLine(text: string, word: number): boolean {
  const from = Math.max(0, word - LONGEST_OPENING);
  const before = text.slice(from, word);
  const line = before.lastIndexOf('\n') + 1;
  if (line === 0 && from > 0) return false;
  return before
    .slice(line)
    .split(/[^\p{L}\p{M}]+/u)
    .every((part) => part === '' || OPENERS.has(part.toLowerCase()));
}
