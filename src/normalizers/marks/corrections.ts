import { lazily } from '../../domain/lazily.ts';
import { QUESTION_MARK } from '../reading/character-codes.ts';
import { type CharacterTest, isSpace, oneOf, skip, skipBack } from '../reading/characters.ts';
import {
  admissions,
  briefRetractions,
  contradictions,
  edits,
  patternOf,
  replacements,
  retractions,
} from '../reading/correction-words.ts';
import { endOfMatch } from '../reading/sticky.ts';

/** Words that take an answer back wherever they stand. */
const ADMITS =
  'i (?:have )?(?:made|make) (?:an? )?(?:[a-z]+ )?(?:mistake|error)|i (?:misread|miscalculated|miscounted|misunderstood|mistyped|was wrong|was mistaken|forgot)';

/** Words that call what is right before them wrong. */
const JUDGES = [
  "(?:that|this|which|it)(?:['\u2019]s| is| was| seems| looks| sounds| must be)(?: clearly| obviously| definitely)? (?:wrong|incorrect|false|not (?:right|correct|possible)|a mistake|an error|mistaken|impossible|off|too (?:large|small|big|high|low))",
  "(?:that|this|which|it) (?:isn|wasn|can|could|doesn|does)(?:['\u2019]?t| ?not) (?:be |look |seem |sound )?(?:right|correct|true|possible|make sense|add up)",
  'das (?:ist (?:falsch|nicht richtig|unmöglich)|kann nicht (?:stimmen|sein)|stimmt nicht)',
  "c['\u2019]est (?:faux|impossible)|ce n['\u2019]est pas (?:correct|juste|possible)",
  'eso (?:no es correcto|es incorrecto|está mal|es imposible)|isso (?:não está certo|está errado)|questo (?:è sbagliato|non è corretto)',
  'это (?:неверно|неправильно|не так|невозможно)|这(?:是)?(?:不对|错的?|不正确|不可能)',
].join('|');

/** Words that turn to another answer, if one follows, and else say nothing. */
const TURNS = [
  'however',
  'but',
  'instead',
  "let me|let['\u2019]s (?:re|double|check|verify)",
  're-?(?:evaluat|check|consider|calculat|comput|think|examin|read|count|do|visit)ing',
  'double[- ]check(?:ing)?',
  'after (?:re|double|further|checking)[a-z-]*',
  'looking (?:again|closer)',
  'revised|updated|corrected',
].join('|');

/** What follows a word that corrects only if it stands for itself: "no: 43", but not "no remainder" or "No. 5". */
const ALONE = '(?=\\s*(?:[,:;!…–—、。，]|\\.(?!\\s*\\d)|-\\s|$))';

/** What may be before a cue, as a cheap test before the long list is tried. */
const START = '(?<=^|[\\s!-/:-@[-`{-~\u00ab\u00bb\u2010-\u203f\u3000-\u303f\uff00-\uff0f\uff1a-\uff20])';

const CUE = lazily(
  () =>
    new RegExp(
      `${START}(?:(?:(?<takesBack>(?:(?:but|oh|ah|and|so),?\\s+)?(?:${patternOf(retractions())})|(?:${patternOf(new Set([...briefRetractions(), ...admissions()]))})${ALONE})|(?<brief>(?:${patternOf(contradictions())})${ALONE}|(?:${patternOf(edits())})(?=\\s*:|\\s+(?:it )?should\\b)|(?:it |that |this )?should (?:be|have been|read)|i should have (?:said|written))|` +
        `(?<replaces>${patternOf(replacements())})|(?<turns>${TURNS}))(?![\\p{L}\\p{M}])|${ADMITS})`,
      'giu',
    ),
);

/** How a text continues after an answer. */
export interface Cue {
  readonly at: number;
  readonly end: number;
  /** Whether it says that the answer before it does not count. */
  readonly takesBack: boolean;
  /** Whether it may stand right before the answer that counts: "wait, actually 13". */
  readonly replaces: boolean;
  /** Whether it is the "no" or the "edit" before another answer, which is also a word of prose. */
  readonly isBrief: boolean;
}

/** Returns the cues of corrections between `from` and `to`. */
export function cuesBetween(text: string, from: number, to: number): readonly Cue[] {
  if (to - from < SHORTEST_CUE) return [];
  const cues: Cue[] = [];
  const part = text.slice(from, to);
  CUE().lastIndex = 0;
  for (let match = CUE().exec(part); match !== null; match = CUE().exec(part)) {
    const { index, 0: cue, groups } = match;
    const at = from + index;
    const end = at + cue.length;
    const { takesBack, replaces, turns, brief } = groups ?? {};
    const isBrief = brief !== undefined;
    const denies = takesBack === undefined && replaces === undefined && turns === undefined && !isBrief;
    if (isBrief ? !opensSentence(text, at) : !denies && !opensClause(text, at)) continue;
    const breaksOff = turns === undefined && !denies && isEnd(text, end, to);
    cues.push({
      at,
      end,
      takesBack: denies || takesBack !== undefined || breaksOff,
      replaces: replaces !== undefined || takesBack !== undefined || isBrief,
      isBrief,
    });
  }
  return cues;
}

const SHORTEST_CUE = 2;

/** Whether nothing but punctuation follows. */
const isEnd = (text: string, end: number, to: number): boolean =>
  to - end < 20 && !/[\p{L}\p{N}]/u.test(text.slice(end, to));

const wraps = oneOf('*_"\'(\u201c');

/** Whether a clause begins at `at`. */
const opensClause = (text: string, at: number): boolean => opensAfter(text, at, endsClause);

/** Whether a sentence begins at `at` that does not answer a question. */
const opensSentence = (text: string, at: number): boolean => opensAfter(text, at, endsSentence());

function opensAfter(text: string, at: number, ends: CharacterTest): boolean {
  let before = at - 1;
  while (wraps(text.charCodeAt(before))) before--;
  const previous = skipBack(text, isSpace, before + 1);
  const code = text.charCodeAt(previous);
  if (previous < 0 || ends(code)) return true;
  return code !== QUESTION_MARK && /[\r\n]/.test(text.slice(previous, at));
}

const endsSentence = lazily(() => oneOf('.!;…。–—)>}]'));

const endsClause = oneOf('.!?:;,\u2026\u3002\uff0c\u3001\u2013\u2014-\u00bb"\u201d)>}]');

/** What may stand between a cue and the value: "wait, no, actually it's 13". */
const LEAD = lazily(
  () =>
    new RegExp(
      `(?:[\\s,.!:;\u2026\u2013\u2014*-]+|(?:${patternOf(retractions())}|(?:${patternOf(admissions())})${ALONE}|${patternOf(replacements())}|(?:${patternOf(contradictions())})(?=[\\s,:;.!…–—-]+[\\p{L}\\p{N}])|so|then|my|our|(?:(?:correct|right|final|real|actual) )?answer|it|that|it['\u2019]s|that['\u2019]s|is|should|must|be|read|say|to|now|the|es ist|c['’]est|es|è|é|это|sondern|是|应该是)(?![\\p{L}\\p{M}\\p{N}'\u2019]))*`,
      'iuy',
    ),
);

/** The longest value that is read right after a cue. */
const LONGEST_VALUE = 40;

/** Returns the few words that follow a cue and fill its clause, as "13" in "wait, actually 13". */
export function valueAfter(text: string, { end }: Cue, to: number, words: number): string | undefined {
  LEAD().lastIndex = end;
  const start = LEAD().test(text) ? LEAD().lastIndex : end;
  const stop = skip(text, isInClause, start, Math.min(to, start + LONGEST_VALUE + 1));
  const value = text.slice(start, stop).trim();
  return value !== '' && stop - start <= LONGEST_VALUE && value.split(/\s+/).length <= words
    ? value
    : concluded(text.slice(start, Math.min(to, start + LONGEST_CORRECTION)));
}

const concluded = (sentence: string): string | undefined =>
  (CONCLUDED.exec(sentence) ?? APPROVED.exec(sentence))?.groups?.value;

/** "Actually, (B) is better." */
const APPROVED =
  /^(?<value>[^\s,.;!?]{1,20}) (?:is|seems|looks|must be|would be) (?:the |a )?(?:better|best|right|correct|answer)(?!\p{L})/iu;

/** The longest sentence of a correction that is looked through for what it concludes. */
const LONGEST_CORRECTION = 160;

/** What the sentence or the one after it concludes: "actually, 91 = 7 × 13, so no". */
const CONCLUDED =
  /^[^;!?\n\u3002]*?[,.]\s+(?:so|therefore|thus|hence)(?:,? (?:it['\u2019]s|it is|that['\u2019]s|we get|the answer is))?:?(?: actually)?\s+(?<value>[^\s,.;!?]+(?:[.,]\d[^\s,.;!?]*)*)\s*(?:[.!](?:\s|$)|$)/iu;

const endsValue = oneOf(';!?\r\n\u3002');

const isInClause = (code: number): boolean => !endsValue(code);

/** The rest of the sentence of an answer, and a judgement that follows it at once. */
const JUDGED = new RegExp(
  `(?:[^.!?;\\n\u2026\u3002]|\\.(?=\\d)){0,120}?[.!?;,\u2026\u3002\\s\u2013\u2014-]+(?:(?:but|however|hm{1,4}|no|yet|and|oh|well|actually|wait|aber|mais|pero|mas|ma|но|但)[,.\u2026\\s]+)*(?:${JUDGES})(?! (?:that|to|of|for|if|in|with|when|dass|que|che)(?!\\p{L}))`,
  'iuy',
);

/** Returns the end of the words that call the answer before `at` wrong: "42. But that can't be right"; `at` without any. */
export const judgedWrong = (text: string, at: number): number => endOfMatch(JUDGED, text, at);

const CONFIRMS = lazily(
  () =>
    /(?:^|[^\p{L}])(?:yes|correct|confirm\w*|checks? out|indeed|holds?|same|match(?:es)?|still|right|fine|consistent|stands?|agrees?)(?![\p{L}])/iu,
);

/** Whether a text that paused ("Wait, let me check") comes back to the answer. */
export const confirms = (text: string): boolean => CONFIRMS().test(text);

/** Whether a text takes back what ends at `end`, and does not come back to it. */
export function takesBack(text: string, end: number): boolean {
  const back = Math.max(
    judgedWrong(text, end),
    cuesBetween(text, end, text.length).find((cue) => cue.takesBack)?.end ?? end,
  );
  return back > end && !confirms(text.slice(back));
}
