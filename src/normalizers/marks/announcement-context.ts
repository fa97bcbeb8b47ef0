import { oneOf } from '../reading/characters.ts';
import { endsWith } from '../reading/sticky.ts';
import { type Stance, stanceOf } from './announcement-stance.ts';
import { CHOOSING, FINAL } from './announcement-words.ts';

/** What the words before "answer" make of an announcement. */

/** How much an announcement counts: the one of a draft, of a result, of the answer, of the final answer. */
export const Rank = { draft: 0, result: 1, answer: 2, final: 3 } as const;
export type Rank = (typeof Rank)[keyof typeof Rank];

/** How many characters before the noun are looked at. */
const LOOKBACK = 48;

const SENTENCE_LOOKBACK = 160;

/** "A more precise answer", "the wrong answer", "all the answers": of another than the one that counts. */
const OTHER_BEFORE =
  '(?:^|[^\\p{L}])(?:' +
  "wrong|incorrect|false|worst|bad|rejected|given|(?!(?:let|here|it|that|what|today|question|problem|puzzle|riddle|exercise|equation|quiz)['\u2019])\\p{L}{1,20}['\u2019]s|another|other|alternative|alternate|possible|plausible|different|any|every|each|which|" +
  'what|whose|all(?: of)?(?: the| these| those| our| my)?|以上|所有|their|his|her|your|partial|intermediate|(?:more|less|better)(?: [a-z-]+)?|not (?:an?|the|my)|' +
  "n['\u2019]t (?:know|have|give) (?:an?|the)|falsche|mauvaise|autre|otra|outra|altra|другой|неверный" +
  ')\\s+(?:final |correct )?';

/** Tried from the end of a text, which takes a third of the time. */
const otherAnswer = new RegExp(`(?<=${OTHER_BEFORE})`, 'iuy');

/** Whether a text speaks of another answer than the one that counts, or of what its answer is like. */
export const speaksOfOther = (text: string): boolean => OTHER.test(text);

const OTHER = new RegExp(
  `${OTHER_BEFORE}answers?(?!\\p{L})|(?<!\\p{L})answers? (?:has|have|contains?|consists?|sheets?|keys?|all|any|each)(?!\\p{L})`,
  'iu',
);

const draftAnswer =
  /(?:initial(?:ly)?|first|draft|tentative|preliminary|provisional|original|previous|earlier|prior|old|guess|erste|première|primera|primeira|prima)\b[^.!?\n]*$/i;

const finalAnswer = new RegExp(`(?:${FINAL})[^.!?\\n]{0,10}$`, 'i');

const choosesOption = new RegExp(`(?:${CHOOSING})(?:는|的)?\\s*(?:answer )?$`, 'i');

const endsSentence = oneOf('.!?;\n\u3002');

/** Returns the part of the sentence that stands before `word`, as far as it is looked at. */
function sentenceBefore(text: string, word: number, lookback: number): string {
  const from = Math.max(0, word - lookback);
  let at = word;
  while (at > from && !endsSentence(text.charCodeAt(at - 1))) at--;
  return text.slice(at, word);
}

/** Returns why an announcement is not the answer of its text, by the words before it in its sentence. */
export const stanceAt = (text: string, word: number): Stance =>
  stanceOf(sentenceBefore(text, word, SENTENCE_LOOKBACK));

/** Whether a text says that it has no answer: "there is no answer: …". */
export const isMissing = (text: string, word: number): boolean =>
  /\bno (?:[a-z]+ )?$/i.test(text.slice(Math.max(0, word - LOOKBACK), word));

/** Whether the noun at `word` comes after "the correct". */
export const isChosen = (text: string, word: number): boolean =>
  choosesOption.test(text.slice(Math.max(0, word - LOOKBACK), word));

/** Whether words of a draft stand shortly before the noun at `word`. */
export const isDraft = (text: string, word: number): boolean =>
  draftAnswer.test(text.slice(Math.max(0, word - LOOKBACK), word));

/** Returns the rank of the announcement of the noun at `word`; `undefined` if it speaks of another answer. */
export function rankOf(text: string, word: number, rank: Rank): Rank | undefined {
  const sentence = sentenceBefore(text, word, LOOKBACK);
  if (sentence === '') return rank;
  if (endsWith(sentence, otherAnswer)) return undefined;
  if (draftAnswer.test(sentence)) return Rank.draft;
  if (finalAnswer.test(sentence)) return rank === Rank.answer ? Rank.final : Rank.answer;
  return rank;
}
