import { isSpace, oneOf, skip, skipBack } from '../reading/characters.ts';

/** Words that take an answer back if they open a sentence. */
const TAKES_BACK = [
  'wait',
  'hold on',
  'hang on',
  'hmm+',
  'oops',
  'whoops',
  'sorry',
  'apologies',
  'no,? wait',
  'correction',
  'scratch that',
  'strike that',
  'my mistake',
  'my bad',
  'on (?:second|further|closer) (?:thoughts?|reflection|inspection|examination|look)',
  'on reflection',
  'upon (?:reflection|review|closer)',
  'attende[zs]',
  'moment mal',
  'warte',
  'korrektur',
  'espera',
  'correcci[óo]n',
  'correção',
  'aguarde',
  'aspetta',
  'correzione',
  'подожди(?:те)?',
  'стоп',
  'исправление',
  'रुको|रुकिए',
  'انتظر',
  'অপেক্ষা',
  '等等|等一下|不对|更正|待って|訂正|잠깐|정정',
].join('|');

/** Words that take an answer back wherever they stand. */
const DENIES = [
  'i (?:have )?(?:made|make) (?:an? )?(?:[a-z]+ )?(?:mistake|error)|i (?:misread|miscalculated|miscounted|misunderstood|mistyped|was wrong|was mistaken|forgot)',
  "(?:that|this|which|it)(?:['\u2019]s| is| was| seems| looks) (?:wrong|incorrect|not (?:right|correct)|a mistake|an error|mistaken)",
  "(?:that|this|which|it) (?:isn|wasn|can)['\u2019]?t (?:be )?(?:right|correct)",
].join('|');

/** Words that may stand right before another answer. */
const REPLACES = 'actually|or rather|rather|i mean|i meant|make (?:that|it)';

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

const CUE = new RegExp(
  `(?:(?<takesBack>${TAKES_BACK})|(?<replaces>${REPLACES})|(?<turns>${TURNS}))(?![\\p{L}\\p{M}])|(?:${DENIES})`,
  'giu',
);

/** How a text goes on after an answer. */
export interface Cue {
  readonly at: number;
  readonly end: number;
  /** Whether it says that the answer before it does not count. */
  readonly takesBack: boolean;
  /** Whether it may stand right before the answer that counts: "wait, actually 13". */
  readonly replaces: boolean;
}

/** Returns the cues of corrections between `from` and `to`. */
export function cuesBetween(text: string, from: number, to: number): readonly Cue[] {
  if (from >= to) return [];
  const cues: Cue[] = [];
  for (const { index, 0: cue, groups } of text.slice(from, to).matchAll(CUE)) {
    const at = from + index;
    const { takesBack, replaces, turns } = groups ?? {};
    const denies = takesBack === undefined && replaces === undefined && turns === undefined;
    if (!denies && !opensClause(text, at)) continue;
    cues.push({
      at,
      end: at + cue.length,
      takesBack: denies || takesBack !== undefined,
      replaces: replaces !== undefined || takesBack !== undefined,
    });
  }
  return cues;
}

const wraps = oneOf('*_"\'(\u201c');

/** Whether a clause begins at `at`. */
function opensClause(text: string, at: number): boolean {
  let before = at - 1;
  while (wraps(text.charCodeAt(before))) before--;
  const previous = skipBack(text, isSpace, before + 1);
  if (previous < 0 || endsClause(text.charCodeAt(previous))) return true;
  return /[\r\n]/.test(text.slice(previous, at));
}

const endsClause = oneOf('.!?:;,\u2026\u3002\uff0c\u3001\u2013\u2014-\u00bb"\u201d)');

/** What may stand between a cue and the value: "wait, no, actually it's 13". */
const LEAD = new RegExp(
  `(?:[\\s,.!:;\u2026\u2013\u2014*-]+|(?:${TAKES_BACK}|${REPLACES}|no|so|then|my|our|(?:(?:correct|right|final|real|actual) )?answer|it|that|it['\u2019]s|that['\u2019]s|is|should|must|be|say|to|now|the)(?![\\p{L}\\p{M}\\p{N}'\u2019]))*`,
  'iuy',
);

/** The longest value that is read right after a cue. */
const LONGEST_VALUE = 40;

/** Returns the few words that follow a cue and fill its clause, as "13" in "wait, actually 13". */
export function valueAfter(text: string, { end }: Cue, to: number, words: number): string | undefined {
  LEAD.lastIndex = end;
  const start = LEAD.test(text) ? LEAD.lastIndex : end;
  const stop = skip(text, isInClause, start, Math.min(to, start + LONGEST_VALUE + 1));
  const value = text.slice(start, stop).trim();
  return value !== '' && stop - start <= LONGEST_VALUE && value.split(/\s+/).length <= words
    ? value
    : undefined;
}

const endsValue = oneOf(';!?\r\n\u3002');

const isInClause = (code: number): boolean => !endsValue(code);

const CONFIRMS =
  /(?:^|[^\p{L}])(?:yes|correct|confirm\w*|checks? out|indeed|holds?|same|match(?:es)?|still|right|fine|consistent|stands?|agrees?)(?![\p{L}])/iu;

/** Whether a text that paused ("Wait, let me check") comes back to the answer. */
export const confirms = (text: string): boolean => CONFIRMS.test(text);
