import { lazily } from '../../domain/lazily.ts';
import { patternOf } from '../reading/correction-words.ts';
import { denials } from '../reading/negation.ts';

/** Phrases before a number, in the languages whose announcements of answers are known. */

const BOUNDS =
  'at (?:the )?(?:(?:very|absolute) )?(?:least|most|minimum|maximum)|north of|south of|shy of|as (?:many|much|few|little|high|low) as|' +
  'nearly|almost|close to|approaching|fast|beinahe|nahezu|presque|casi|quase|quasi|почти|接近|将近|近く|거의|' +
  'more than|less than|fewer than|(?:greater|larger|smaller|higher|lower|bigger|longer) than|than|' +
  'no more than|up to|over|under|above|below|beyond|between|from|until|exceeding|exceeds|within|(?:minimum|maximum|upwards|excess) of|' +
  'mindestens|höchstens|mehr als|weniger als|größer als|kleiner als|als|über|unter|bis|bis zu|zwischen|maximal|minimal|' +
  'au moins|au plus|plus de|moins de|plus que|moins que|que|entre|jusqu.à|supérieure? à|inférieure? à|' +
  'al menos|por lo menos|como mínimo|como máximo|a lo sumo|más de|menos de|mayor (?:que|de)|menor (?:que|de)|hasta|' +
  'pelo menos|no mínimo|no máximo|mais de|maior (?:que|do que)|menor do que|até|' +
  'almeno|al massimo|più di|meno di|fino a|tra|fra|oltre|superiore a|inferiore a|minore di|maggiore di|' +
  'не менее|не более|не меньше|не больше|больше|меньше|более|менее|до|от|между|свыше|как минимум|максимум|минимум|' +
  '至少|最多|超过|超過|不到|少于|大于|小于|多于|不超过|高达|低于|高于|最少|少なくとも|多くとも|最大|最低|最高|최소|최대|적어도|' +
  'कम से कम|अधिकतम|से अधिक|على الأقل|على الأكثر|أكثر من|أقل من|بين|حتى';

/** A bound right before a number. Sums "add up to 5". */
const boundBefore = lazily(
  () =>
    new RegExp(
      `(?<![\\p{L}\\p{M}])(?<!\\b(?:adds?|sums?|comes?|totals?|works out) )(?:${BOUNDS})(?: or equal to| oder gleich)?\\s*(?:about|approximately|roughly|exactly|the|a)?\\s*$|(?:至少|最多|超过|不到|少于|大于|小于|少なくとも|最大|최소|최대)[是为為有]?\\s*$`,
      'iu',
    ),
);

/** A bound after a number: "or more", "at the very least", "and above", "tops". */
export const boundAfter =
  /^(?:at (?:the )?(?:very |absolute )?(?:least|most|minimum|maximum|best|worst)|and (?:a|an|above|below|up|upwards?|over|under|more|less|higher|lower|counting|half)|up to|below zero|above zero|(?:tops|max|maximum|min|minimum|upwards?|onwards?|plus)(?!\p{L})|or (?!so\b|thereabouts\b))/u;

const BASE =
  '(?:binary|ternary|octal|duodecimal|hex|hexadecimal|base[- _]?(?:two|three|four|five|six|seven|eight|nine|eleven|twelve|sixteen|(?!10(?!\\d))\\d+))(?![\\p{L}\\d])';

/** A base other than ten after a number: "in binary", "base 2". */
export const baseAfter = new RegExp(`^(?:(?:in|as|a) )*${BASE}`, 'u');

/** The same before a number: "binary 101", "the hexadecimal number 10". */
const baseBefore = lazily(
  () =>
    new RegExp(
      `(?<!\\p{L})${BASE}(?:[\\s:=*"'\`(]|\\b(?:numbers?|representation|form|notation|value|code|is|of|equals?)\\b)*$`,
      'iu',
    ),
);

/** The same in an announcement: "the answer in binary is", "in base 2, the answer is". */
export const announcesBase = new RegExp(
  `(?<!\\p{L})in ${BASE}(?:[\\s,:=*"'\`(]|\\b(?:the|our|my|final|correct|answer|result|number|it|is|are|equals?|would|be)\\b)*$`,
  'iu',
);

/** Returns the reason if the words before a number make it another one. */
export const changedBefore = (before: string): string | undefined =>
  boundBefore().test(before)
    ? 'it is a bound'
    : baseBefore().test(before)
      ? 'it is not a decimal number'
      : undefined;

/** A negation in the clause of a number. */
export const negationBefore = lazily(
  () =>
    new RegExp(
      `(?<![\\p{L}\\p{M}])(?:${patternOf(denials())}|rather than|instead of|statt|plutôt que|en vez de)(?![\\p{L}\\p{M}])|n['\u2019]t(?![\\p{L}])|不是|并非|並非|ではなく|아니|ไม่`,
      'iu',
    ),
);
