import { lazily } from '../../domain/lazily.ts';
import { speaksOfOther } from '../marks/announcement-context.ts';
import { stanceOfMention } from '../marks/announcement-stance.ts';
import { type Clause, clausesOf } from '../reading/clauses.ts';
import { opensRetraction } from '../reading/correction-words.ts';
import { maybes, modals } from '../reading/negation.ts';
import { readOpening, readWhole } from './number-answer.ts';
import { withoutExclamations } from './number-asides.ts';
import { type NumberReading, readCalculation } from './number-calculation.ts';
import { isListedAfter } from './number-list.ts';
import { firstSentence } from './number-sentence.ts';
import type { Token } from './number-token.ts';
import { phraseOf } from './number-tokens.ts';

/** A text without a mark that is longer is read only if it opens with its answer or ends with a calculation. */
const SHORT = 80;

/** A longer text is an argument, of which the last calculation may be a step. */
const LONGEST_CALCULATION = 400;

/** Reads a text without a mark: a number alone, one short sentence with one, or an answer followed by its reasons. */
export function readUnmarked(text: string): NumberReading {
  const content = text.trim();
  if (content.length <= SHORT) return readShort(content);
  const opening = readFirstLine(content);
  if (opening !== undefined || content.length > LONGEST_CALCULATION) return opening;
  const { tokens } = phraseOf(content);
  const line = tokens.findLastIndex(({ kind }) => kind === 'break');
  return tokens.slice(line).some(({ text: mark }) => mark === '=') ? readCalculation(tokens) : undefined;
}

function readShort(content: string): NumberReading {
  if (doubts().test(content) || isOthers(content) || clausesOf(content).some(isOpen)) return undefined;
  const item = LIST_NUMBER.exec(content);
  // "1. 42" has an answer, "1. Add the numbers" has none.
  if (item !== null) return readOpening(phraseOf(content.slice(item[0].length)).tokens, isListedAfter);
  const year = YEAR.exec(content);
  const dated =
    year === null ? content : content.slice(0, year.index) + content.slice(year.index + year[0].length);
  return readWhole(isSentence().test(dated) ? withoutExclamations(dated) : dated, true);
}

/** Two words before a number: `5!` alone is a factorial. */
const isSentence = lazily(() => /\p{L}{2,}[^\p{L}]+\p{L}{2,}/u);

/** Whether the words before the number deny it, suppose it, or say that others give it. */
const isOthers = (content: string): boolean =>
  speaksOfOther(content) || stanceOfMention(content.slice(0, content.search(/\p{N}|$/u))) !== undefined;

/** Whether a clause takes back, or leaves open, what the text says. */
const isOpen = ({ words }: Clause): boolean =>
  opensRetraction(words) || words.some((word) => maybes().has(word) || modals().has(word));

/** Errors, refusals, requests, questions, suppositions, corrections, what another text follows, and labels of other things. */
const doubts = lazily(
  () =>
    /\?|:\s*$|^[\s\p{P}]*(?:confidence|certainty|probability of being|hint|examples?|e\.g|for (?:example|instance)|input|format|given|prompt|previous|max(?:imum)? tokens?|consider|for \p{L} ?=)(?!\p{L})|\b(?:error|cannot|can't|couldn't|unable|(?:i|we|you)(?:['\u2019]d| would| will|['\u2019]ll)? (?:also |still |only )?need|needs?(?! to\b)|requires?|not enough|insufficient|missing|unknown|unclear|don't|do not|sorry|impossible|undetermined|depends|would|failed|failure|too many|limit|exceeded|status|retry|timeout|timed out|unavailable|denied|forbidden|not found|quota|unauthorized|overloaded|wait|actually|hmm|however|assume|suppose|let|if|please|provide|i can only|knowledge cutoff|tokens|messages left|note that|(?:initial|first|previous) (?:guess|thought))\b/iu,
);

/** The number of an item of a list. Lists are short. */
const LIST_NUMBER = /^(?:1?\d|20)[.)]\s+(?=\S)/;

/** "in 2020". */
const YEAR = /,?\s*\b(?:in|since|by|until|before|after|during|of)\s+(?:1[5-9]|20)\d\d\b(?![.,]?\d),?/i;

/** Reads a first line, or a first sentence, that is only a quantity. */
function readFirstLine(content: string): NumberReading {
  const head = content.slice(0, 2 * SHORT);
  if (!/^[\s\p{P}\p{S}]*\p{N}/u.test(head) || LIST_NUMBER.test(head)) return undefined;
  const { tokens } = phraseOf(head);
  const sentence = firstSentence(tokens);
  if (sentence.length === tokens.length || !isBare(sentence)) return undefined;
  const reading = readOpening(sentence);
  if (reading === undefined || 'why' in reading) return reading;
  const rest = tokens.slice(sentence.length);
  return isListedAfter(tokens, sentence.length, reading.value) || retracts(rest)
    ? { why: 'it has several numbers' }
    : reading;
}

/** Whether a sentence has hardly a word besides its quantity: "16 eggs", but not "16 eggs are laid". */
const isBare = (sentence: readonly Token[]): boolean =>
  sentence.filter(({ kind }) => kind === 'word').length <= 2;

const retracts = (rest: readonly Token[]): boolean =>
  /^(?:wait|actually|no|hmm|sorry|correction|but|however|or|alternatively|and)$/.test(
    rest.find(({ kind }) => kind === 'word')?.text ?? '',
  );
