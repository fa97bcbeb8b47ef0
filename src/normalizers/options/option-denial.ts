import { lazily } from '../../domain/lazily.ts';
import { clausesOf } from '../reading/clauses.ts';
import { CROSSES, isIdiom, isNegator } from '../reading/negation.ts';
import { wordsOf } from '../reading/words.ts';

/** How far around an option a denial is looked for. */
const REACH = 120;

/** Words that set aside all options of their clause after them: "instead of A". */
const settingAside = wordsOf(
  'than,instead,opposed,unlike,except,besides,over,against,fails,opposite,if,whether,unless,less,contrary,supposing,between,either,' +
    'plutôt,sauf,entre,si,statt,anstatt,außer,zwischen,wenn,vez,lugar,excepto,salvo,invece,tranne,tra,вместо,кроме,между,если,' +
    'بدلا',
);

/** Words that set aside the options right after them: "eliminate A and B". */
const removals = wordsOf(
  'excluding,excludes,exclude,excluded,eliminate,eliminates,eliminated,eliminating,reject,rejects,rejected,rejecting,' +
    'dismiss,dismissed,discard,discarded,avoid,avoids,wrong,incorrect,false',
);

/** Phrases that set aside the option after them. */
const SETTING_ASIDE = lazily(
  () =>
    /^on an?$|\b(?:far from|free (?:of|from)|lacks?|lack of|(?:anything|all|everything) but|(?:rul|cross)\w* out|none of|(?:hard|difficult) to|distractor|(?:wrong|incorrect|worst|false|bad) (?:answer|option|choice|one|letter|label)|(?<!\b(?:no|any|without|little|a) )(?:doubt|deny|denies))(?![\p{L}\p{N}])/iu,
);

/** A heading of options that are wrong. */
const HEADED = /\b(?:wrong|incorrect|false|rejected|eliminated|excluded|except)[^.!?:\n]{0,12}:\s*$/iu;

/** A cross before an option: "❌ B". */
const CROSSED = new RegExp(`[${CROSSES}]\\ufe0f?[ \\t]*$`, 'u');

/** Clauses of other scripts that deny what follows. */
const deniesWithoutBlanks = /(?:不|没|沒|非|無|无|未|除了|排除)[^\s,;.\u3002\u3001]{0,6}$/u;

const JOINT =
  /(?<!\b(?:anything|everything|all|not) )\b(?:but|so|therefore|hence|thus|because|since|then|sondern|sino|mais|donc|aber|pero|mas|ma|но|поэтому|which|leaves|leaving)\b|而是|所以|因此/giu;

const NEGATIVE =
  'wrong|nothing|incorrect|inaccurate|false|invalid|untrue|impossible|implausible|unlikely|irrelevant|eliminated|excluded|ruled out|rejected|dismissed|discarded|out(?! of)|worse|worst|weaker|too(?= \\p{L})|fails?|failed|misses|ignores?|contradicts?|contradicted|fausses?|faux|incorrecte?s?|falsch|scheide[nt]|incorrect[ao]s?|errad[ao]s?|fals[ao]s?|sbagliat[aeio]|невер\\p{L}*|неправильн\\p{L}*|गलत|خطأ|خاطئ|خاطئة|ভুল';

const NOT =
  'not|never|no longer|pas|nicht|no es|não é|non è|ne \\p{L}+ pas|(?:passt|stimmt) nicht|не|नहीं|ليس|ليست|নয়';

const VERB =
  "is|are|was|were|be|do|does|did|can|could|would|will|should|must|has|have|had|seems?|looks?|sounds?|appears?|might|may|est|sont|n'est|ne|ist|sind|es|son|no|é|são|não|è|sono|non|the|a|an|definitely|clearly|both|all|also|just|quite|very|simply|obviously|completely|entirely|probably|likely|certainly|surely|most|therefore|thus";

const CONTRACTED =
  "(?:is|are|was|were|do|does|did|ca|could|wo|would|should|has|have)n['\u2019]t|cannot|(?:no|non|não) (?:es|è|é)|не|ليس|ليست";

const DENIED_AFTER = lazily(
  () =>
    new RegExp(
      `^[ \\t)\\]}*_"'\u201d\u2019\u00bb]*(?:\\([^()\\n]{1,40}\\)\\s*)?(?:(?:label|option|answer|choice|class|category)\\s+)?(?:(?:(?:${VERB})\\s+){0,5}(?:${NEGATIVE}|${CONTRACTED})|(?:(?:${VERB})\\s+){1,5}(?:${NOT})|ne \\p{L}+ pas|(?:passt|stimmt) nicht|or not|it (?:is|was) not|:[ \\t]+(?:${NEGATIVE}|no|nein|non|não|нет)|:?[ \\t]*[${CROSSES}])(?![\\p{L}\\p{N}])`,
      'iu',
    ),
);

const DENIED_AFTER_WITHOUT_BLANKS =
  /^(?!而)[^\s,.;\u3002\u3001]{0,6}?(?:不|错|錯|误|誤|間違|违|違|ではな|じゃな|ではありません)|^[가는은이] (?:아니|아닙|틀)/u;

/** The options that a list continues with: ", B and D". */
const LIST =
  /^[\s()\]}*_"'\u201d\u2019\u00bb]*(?:,(?:\s*(?:and|or|nor|und|oder|et|ou|y|o|e|и|или)(?=[\s(*"']))?|(?:and|or|nor|und|oder|et|ou|y|e|и|или|as well as|along with|plus|versus|vs\.?|and\/or|then|또는)(?=[\s(*"'])|[&/|和与或、と와과や])[\s(["'*]*(?:(?:but )?(?:also|maybe|perhaps|possibly)\s+)?(?:options?\s+)?[(["'*]*/iu;

/** What the options of a text are to a denial. */
export interface KnownOptions {
  /** Returns the end of the option at a position, if one is there. */
  readonly endAt: (at: number) => number | undefined;
  /** The last word of each option, in lower case. */
  readonly lastWords: ReadonlySet<string>;
}

/** Whether the text denies the option between `at` and `end`: "not B", "rather than B", "B is wrong". */
export const isDenied = (text: string, at: number, end: number, options: KnownOptions): boolean =>
  isDeniedBefore(text, at, options) || isDeniedAfter(text, end, options) || isConceded(text, at, end);

/** Whether a concession grants that an option may seem right: "While A seems right, B is", "A looks right, but B is". */
const isConceded = (text: string, at: number, end: number): boolean =>
  CONCESSION.test(text.slice(Math.max(0, at - REACH), at)) || CONCEDED.test(text.slice(end, end + REACH));

const CONCESSION =
  /(?:^|[.!?;\n])\s*(?:while|although|though|even though|whereas|despite|obwohl|während|bien que|aunque|mientras|embora|enquanto|sebbene|mentre|хотя)(?!\p{L})[^.!?;\n,]*$/iu;

const CONCEDED =
  /^[)\]*_"']*\s+(?:seems?|looks?|sounds?|appears?|might|may|could)\s[^.!?;\n]{0,60}?[\s,](?:but|yet|however)[\s,]/iu;

function isDeniedBefore(text: string, at: number, { lastWords }: KnownOptions): boolean {
  const before = text.slice(Math.max(0, at - REACH), at).replace(/[()[\]{}*_"\u201c\u201d`]+/g, ' ');
  const joint = [...before.matchAll(JOINT)].at(-1);
  const rest = joint === undefined ? before : before.slice(joint.index + joint[0].length);
  if (deniesWithoutBlanks.test(rest) || HEADED.test(rest) || CROSSED.test(rest)) return true;
  const clause = openClause(rest, lastWords);
  const others = clause.filter((word) => !conjunctions().has(word) && !lastWords.has(word));
  return (
    clause.some((word, index) => (isNegator(word) && !isIdiom(clause, index)) || settingAside().has(word)) ||
    others.slice(-2).some((word) => removals().has(word)) ||
    SETTING_ASIDE().test(clause.join(' '))
  );
}

/** Returns the words of the clause that is open at the end of a text; a list of options is one clause. */
function openClause(before: string, lastWords: ReadonlySet<string>): readonly string[] {
  const joint = [...before.matchAll(JOINT)].at(-1);
  const clauses = clausesOf(
    `${joint === undefined ? before : before.slice(joint.index + joint[0].length)} x`,
  );
  let words = clauses.at(-1)?.words.slice(0, -1) ?? [];
  for (let index = clauses.length - 2; index >= 0; index--) {
    const { words: earlier, edge } = clauses[index] ?? { words: [], edge: '' };
    const isItem = edge === ',' && lastWords.has(earlier.at(-1) ?? '');
    if (!isItem || !words.every((word) => conjunctions().has(word) || lastWords.has(word))) break;
    words = [...earlier, ...words];
  }
  const next = words.findLastIndex(
    (word, index) => additions().has(word) && !lastWords.has(words[index - 1] ?? ''),
  );
  return words.slice(next + 1);
}

const additions = wordsOf('and,und,et,y,e,и');

const conjunctions = wordsOf('and,or,nor,und,oder,noch,et,ou,ni,y,o,e,nem,и,или,ни,option,options,the,even');

/** Whether a judgement after an option, or after the list that it opens, denies it. */
function isDeniedAfter(text: string, end: number, { endAt }: KnownOptions): boolean {
  let at = end;
  for (let items = 0; items < LONGEST_LIST; items++) {
    if (isJudgedWrong(text, at)) return true;
    const next = endAt(listAfter(text, at));
    if (next === undefined) return false;
    at = next;
  }
  return false;
}

const LONGEST_LIST = 10;

/** Whether what follows an option calls it wrong. */
export function isJudgedWrong(text: string, end: number): boolean {
  const rest = text.slice(end, end + REACH);
  return DENIED_AFTER().test(rest) || DENIED_AFTER_WITHOUT_BLANKS.test(rest);
}

/** Returns the position of the next option of a list that continues at `end`, or -1. */
export function listAfter(text: string, end: number): number {
  const list = LIST.exec(text.slice(end, end + REACH));
  return list === null ? -1 : end + list[0].length;
}

/** What joins two options to something else than either: `A + B`, `A B`, `A > B`, `A; B`. */
const FORMULA = lazily(
  () =>
    /^[)\]}*_"'\u201d]*(?:[^\S\n]*(?:[+×·<>=≻≺→⇒]|;(?=\s*[([*]*[\p{L}\d][)\]*]*\s*(?:[;.]|$))|[-\u2013](?=\s)|(?:minus|times)(?=\s))[^\S\n]*|[^\S\n]+(?=[([*]*\p{Lu}(?:[^\p{L}\p{N}'-]|$)))[([*"']*/u,
);

/** Returns the position of the next option of a formula that continues at `end`, or -1. */
export function formulaAfter(text: string, end: number): number {
  const formula = FORMULA().exec(text.slice(end, end + REACH));
  return formula === null ? -1 : end + formula[0].length;
}
