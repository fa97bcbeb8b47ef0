import { lazily } from '../../domain/lazily.ts';
import { isBeyondAscii } from '../reading/characters.ts';
import { fold } from '../reading/fold.ts';
import { endOfMatch } from '../reading/sticky.ts';

/** A verb that denies what follows: "no es", "n'est pas", "isn't", "不是". */
const NEGATED = new RegExp(
  [
    "(?:is|was|are|were|could|would|should|wo|ca|does|did)n['\u2019]t(?: be| equal)?|(?:cannot|can not|never) be|never (?:is|was)",
    '(?:no|nunca) (?:es|sea|sería|era|son|puede ser)|(?:não|nao|nunca) (?:é|seja|seria|era|pode ser)|non (?:è|sia|sarebbe|era|può essere)',
    "n['\u2019](?:est|était) (?:pas|point)|ne (?:serait|peut|sera) pas(?: être)?",
    '(?:это )?не(?: является| равен| равно| может быть)?|bukan(?:lah)?|ليست?|(?:[并並絕绝]|可能)?不(?:是|为|為|等于|等於|可能是|会是|會是|应该是|應該是)|[并並]非',
  ]
    .map((forms) => `(?:${forms})(?![a-zà-ÿа-я])`)
    .join('|'),
  'iuy',
);

/** What turns from a denied answer to the right one: "not 42 but 43". */
const TURN =
  /^[^.;!?\n\u3002]{1,60}?(?:而是|[\s,](?:but(?: rather)?|sondern|sino|mais|mas|ma|а|но|بل|melainkan|maar)\s+|[;,]\s*(?:it['\u2019]s|it is|es|c['\u2019]est|é|è|это|是)\s+)/iu;

/** Words that deny the value before them, in languages that put the verb last; a turn leads to another value. */
const POSTPOSED = lazily(
  () =>
    new RegExp(
      fold(
        '^[^\\n.\u3002,\u060c\u3001;!?]{1,40}?(?:(?<turn>(?:ではなく|じゃなく|아니라|(?:नहीं|নয়|değil|نہیں)(?=[,\u060c]))[,\u3001\u060c]?\\s*(?:बल्कि|বরং)?)|' +
          'では(?:ない|ありません|なかった)|じゃない|とは(?:思い|思わ|限ら|言え)|かもしれ|아니(?:다|에요|예요|$)|아닙니다|아닐|라고 (?:생각하지 않|착각|오해)|[될일] 수(?:도)? [없있]|だと(?:考える人|思う人|誤解)|是?(?:错误|錯誤|错的|錯的|不对|不對|不正确|不正確)|नहीं|नही|নয়|değil|نہیں)',
      ),
      'u',
    ),
);

/** How far a denial is looked for after an announcement. */
const REACH = 100;

/** Where the value of a denied announcement begins that the text sets against the denied one; `undefined` if it has none. */
export interface Denial {
  readonly start: number | undefined;
}

/** Returns the denial of an announcement by the verb at `at`, right after the noun. */
export function negatedVerb(text: string, at: number): Denial | undefined {
  const end = endOfMatch(NEGATED, text, at);
  if (end === at) return undefined;
  const turn = TURN.exec(text.slice(end, end + REACH));
  return { start: turn === null ? undefined : end + turn[0].length };
}

/** Returns the denial of an announcement by words after the value that begins at `start`. */
export function denialAfter(text: string, word: number, start: number): Denial | undefined {
  if (!isBeyondAscii(text.charCodeAt(word)) && text.charAt(word).toLowerCase() !== 'c') return undefined;
  const denial = POSTPOSED().exec(text.slice(start, start + REACH));
  if (denial === null) return undefined;
  return { start: denial.groups?.turn === undefined ? undefined : start + denial[0].length };
}

/** Whether a value is only asked for, or is one under a condition: "42?", "42 if n is odd". */
export const isOpen = (text: string, start: number, end: number): boolean =>
  OPEN().test(text.slice(start, Math.min(end, start + REACH)));

const OPEN = lazily(
  () =>
    /^[^.!?\n"\u201d]{1,40}[,.]?["\u201d]\s*(?:said|says|claimed|claims|replied|wrote|answered|asked|thought)(?!\p{L})|^[^.;!?\n\u3002\u3001,]{1,30}?(?:なら(?!な)|だとすると|でしょうか|だろうか|라면|일까)|^(?:[^.!?;\u3002\n(\u2013\u2014]|\.(?=\d)){0,60}[?\u061f]|^(?:(?!(?:because|since|as|so|for|weil|denn|car|porque|parce|perché|потому)(?!\p{L}))[^.;:!?\n\u3002("\u201c]){1,40}?[\s,](?<!\beven\s)(?:if|unless|provided|wenn|falls|sofern|si|se|если|अगर|यदि)(?! (?:i['\u2019]?\s?a?m|(?:i|we) (?:had|have|must|need)|forced|pressed|anything)\b)(?![\p{L}\p{M}'\u2019])/iu,
);
