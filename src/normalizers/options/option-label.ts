import { lazily } from '../../domain/lazily.ts';
import { POINT, QUESTION_MARK, SLASH } from '../reading/character-codes.ts';
import { isAsciiLetter, isBeyondAscii, isDigit, isSpace, oneOf } from '../reading/characters.ts';
import { CHECKS, CROSSES } from '../reading/negation.ts';

const AMPERSAND = 0x26;

/** How far around an option its words are looked at. */
const REACH = 40;

/** Words that make a letter after them a label, however it is written: "option b". */
const NAMES =
  'options?|choices?|letters?|ans|answers?|alternatives?|label|wahl|antwort|buchstabe|möglichkeit|opci[oó]n|respuesta|letra|opção|opcao|resposta|opzione|risposta|lettera|réponse|lettre|choix|вариант|ответ|буква|विकल्प|उत्तर|الخيار|الجواب|الإجابة';

/** Words that make a letter after them a label, written as listed: "I think B". */
const VERBS =
  "with|for|also|pick|picks|picking|choose|choosing|chose|select|selecting|prefer|favou?r|say|guess|think|believe|vote|vote for|suggest|corresponds to|points? to|leads to|(?:lean|leaning|leans) (?:to|towards?)|is|it's|be|are|remains|leaves|leaving|therefore|thus|hence|so|then|just|only|definitely|probably|clearly|likely|certainly|obviously|surely|possibly|maybe|perhaps|hmm|actually|rather|instead|rate (?:this|it)|give (?:this|it)(?: an?)?|but|(?<=(?:sort|kind|choice|option|answer|verdict|rating|score|grade|label|letter|pick|selection|favou?r|instead|full) )of|sondern|sino|wähle|nehme|(?:entscheide mich|stimme|plädiere) für|choisis|(?:opte|vote) pour|elijo|escojo|selecciono|escolho|scelgo|(?:opto|voto) por|выбираю|est|ist|es|é|è|je|da|также|это";

const NAMED = lazily(
  () =>
    new RegExp(
      `(?:^|[^\\p{L}\\p{N}])(?:${NAMES})["'\u201c]?[\\s:=(*["'$\u201c]*$|[选選项項案答：:${CHECKS}]\ufe0f?\\s*[*("'$]*$`,
      'iu',
    ),
);

/** Words that choose a letter which ends its clause, however it is written: "I choose b." */
const CHOSEN =
  /(?:^|[^\p{L}\p{N}])(?:pick|choose|chose|select|(?:go|going|went) with|vote for|opt for|guess|it['\u2019]s|it is)\s+$/iu;

/** What makes a small letter that opens a line a label: `b) Paris`, `b. Paris`. */
const LIST_LABEL = /^(?:[).:]| [-\u2013\u2014])\s+\S/;

/** Words that may have a comma between them and the letter: "Therefore, B", "No, B". */
const LEADS =
  /(?:^|[^\p{L}\p{N}])(?:so|therefore|thus|hence|definitely|probably|clearly|hmm|no|wait|actually|mistake|mind|bad|that|instead|rather|thought|sorry|correction|overall|finally|donc|also|entonces|portanto|quindi|итак|choose|pick|guess|say),\s+[*("'\u201c]*$/iu;

/** The end of the sentence before. */
const STARTS_SENTENCE =
  /(?<!(?:^|\P{L})(?:mr|mrs|ms|dr|st|prof|vs|fig|no))[.!?;\u3002]["')\]*_]*\s+[*("'\u201c]*$/iu;

const SAID = lazily(
  () =>
    new RegExp(`(?:^|[^\\p{L}\\p{N}])(?:${VERBS})\\s+[*("'\u201c]*$|[是为為择擇はが和或与、不非]\\s*$`, 'iu'),
);

/** Returns a pattern of judgements that also fits their marks. */
function withMarks({ source }: RegExp, marks: string): RegExp {
  return new RegExp(`${source}|^[ \\t:]*[${marks}]`, 'iu');
}

/** What a letter that is a label is said to be. */
const APPROVED = lazily(() =>
  withMarks(
    /^["')\]*\u201d]*[ \t]+(?:(?:is|are|was|seems|looks|would|must|should|has|to|be|the|a|an|my|most|more|only|final|it|clearly|definitely|also|likely|probably|obviously)\s+)*(?:right|correct|best|true|answer|choice|option|one (?:that|which)|better|closest|fits|fit|satisf(?:y|ies)|meets|matches|works|holds|remains|wins|valid|accurate|winner|preferable|plausible|appropriate|suitable|likely$|likely[.,!]|makes (?:the (?:most|best) |more |the only )?sense|is$|is[.!])|^["')\]*\u201d]*[ \t]+(?:(?:ist|est|es|está|é|è|sind|die|der|das|la|le|a|il|einzig\p{L}*)\s+)*(?:richtig\p{L}*|korrekt\p{L}*|zutreffend|stimmt|passt|bonne|correcte|juste|exacte?|vraie?|correct[ao]|verdader[ao]|corret[ao]|cert[ao]|corrett[ao]|giust[ao]|esatt[ao]|верн\p{L}*|правильн\p{L}*|सही|صحيح\p{L}*)(?!\p{L})|^["')\]*\u201d]*[ \t]*(?:正确|正確|[がは](?:正しい|正解)|[이가] (?:맞|정답|옳)|(?:정답)?입니다)/iu,
    CHECKS,
  ),
);

const DENIED = lazily(() =>
  withMarks(
    /^["')\]*\u201d]*[ \t]+(?:(?:is|are|was|were|seems|looks|can|could|would|has|the|a|an|clearly|definitely|also|likely|probably|obviously|both|all)\s+)*(?:not|wrong|incorrect|false|out|fails?|too(?= \p{L})|isn|doesn|can[n'\u2019]|cannot|won|impossible|invalid|eliminated|excluded|ruled)/iu,
    CROSSES,
  ),
);

/** What comes before a letter that is the subject of a judgement: no noun that it may be the name of. */
const SUBJECT = lazily(
  () =>
    /(?:^|[.,;:!?\n(]|(?:^|\P{L})(?:(?<!(?:^|\P{L})\p{Lu} )(?:and|or)|but|so|that|because|since|while|although|though|only|both|assistant|response|model|system|candidate|summary|output|statement))[\s*("'\u201c]*$/iu,
);

/** Words that may follow a label within its clause. */
const CONNECTIVE =
  /^[ \t]+(?:because|since|as|due|rather|over|instead|and|or|nor|but|not|though|although|while|whereas|which|given|along|plus|only|obviously|clearly|definitely|for sure|und|oder|weil|denn|et|ou|car|parce|y|o|u|e|porque|и|или|потому|perché|without|here|in this case|on this one|out of|stars?|points?)(?![\p{L}\p{N}])/iu;

const opens = oneOf('([*_`"\'\u201c\u2018\u00ab\u300c\u300e\u3010');

const closes = oneOf(')]*_`"\'\u201d\u2019\u00bb\u300d\u300f\u3011');

const isEnd = oneOf(').:,;!\u2013\u2014\u3002\u3001');

/**
 * Whether the single character of an option is its label, not an article, a variable or a part of a name: it opens a
 * line, is set off (`(b)`, `**b**`), follows "option" or "I choose", or is said to be right or wrong.
 */
export function isLabel(text: string, at: number, option: string): boolean {
  const end = at + option.length;
  const before = text.charCodeAt(at - 1);
  const after = text.charCodeAt(end);
  const head = text.slice(Math.max(0, at - REACH), at);
  if (after === POINT && isAsciiLetter(text.charCodeAt(end + 1))) return false;
  const isSetOff = opens(before) && (closes(after) || isEnd(after)) && !isCall(text, at - 1);
  if (isSetOff && (isAsListed(text, at, option) || opensLine(head, at) || SAID().test(head))) return true;
  const tail = text.slice(end, end + REACH);
  if (!isEnded(tail, opens(before))) return false;
  if (NAMED().test(head)) return true;
  if (!isAsListed(text, at, option))
    return (LIST_LABEL.test(tail) && opensLine(head, at)) || (/^(?:[.!]|$)/.test(tail) && CHOSEN.test(head));
  return (
    opensLine(head, at) ||
    LEADS.test(head) ||
    STARTS_SENTENCE.test(head) ||
    SAID().test(head) ||
    (SUBJECT().test(head) && (APPROVED().test(tail) || DENIED().test(tail)))
  );
}

/** Whether what follows an option calls it right. */
export const isApproved = (text: string, end: number): boolean =>
  APPROVED().test(text.slice(end, end + REACH));

const isAsListed = (text: string, at: number, option: string): boolean => text.startsWith(option, at);

/** Whether a letter that is a label may end at `end`. */
export const endsLabel = (text: string, end: number): boolean => isEnded(text.slice(end, end + REACH), false);

/** Whether a bracket belongs to a function, as in `P(B)`. */
const isCall = (text: string, at: number): boolean => {
  const before = text.charCodeAt(at - 1);
  return isAsciiLetter(before) || isDigit(before);
};

/** Whether a label ends here: the clause does, or continues with a reason, another option or a judgement. */
function isEnded(tail: string, isOpened: boolean): boolean {
  const code = tail.charCodeAt(0);
  if (Number.isNaN(code) || isEnd(code) || isBeyondAscii(code)) return true;
  if (isOpened && closes(code)) return true;
  if (code === SLASH || code === QUESTION_MARK || code === AMPERSAND) return true;
  if (!isSpace(code)) return false;
  return (
    /^\s*(?:$|[\r\n]|[([{*"'\u201c\u2013\u2014\p{So}-])/u.test(tail) ||
    CONNECTIVE.test(tail) ||
    APPROVED().test(tail) ||
    DENIED().test(tail)
  );
}

const opensLine = (head: string, at: number): boolean =>
  OPENS_LINE.test(head) || (at <= REACH && OPENS_TEXT.test(head));

const OPENS_LINE = /[\r\n][\s#>*_(["'\p{So}-]*$/u;

const OPENS_TEXT = /^[\s#>*_(["'\p{So}-]*$/u;
