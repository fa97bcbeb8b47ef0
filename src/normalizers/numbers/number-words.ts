import { lazily } from '../../domain/lazily.ts';

/** The words that say how a number is meant, in the languages whose announcements of answers are known. */

const set = (words: string): ReadonlySet<string> => new Set(words.split(' '));

/** Words between an announcement and its number that do not change it. */
export const fillers = set(
  'a about an and answer appr approx approximately aprox env are around be beträgt ca circa das der die donc ein eine el en es est ' +
    'est-à-dire etwa equal equals exactly exactement final finally given gives hence i.e indeed is ist it its just la le les ' +
    'likely means now number number of only environ aproximadamente cerca circa o only our precisely probably result ' +
    'roughly rund simply so solution sum that the then therefore this thus to total totals un una une ungefähr value was we ' +
    "get have he she they there you it's that's here's a total of result value worth",
);

/** Words that negate the number after them. */
export const negatives = set('minus negative neg moins menos meno negativ negativo минус sâlib');

/** The same in scripts without blanks between words. */
export const unspacedNegative = /(?:负|負|マイナス|마이너스)$/;

/** Powers of ten after a number. */
export const scales = lazily(
  (): Readonly<Record<string, number>> =>
    Object.fromEntries(
      Object.entries({
        2: 'hundred',
        3: 'thousand thousands tausend mille mila тысяч тысячи тысяча тыс हज़ार',
        5: 'lakh lakhs lac lacs लाख',
        6:
          'million millions mio mln million millionen millionenfach millón millones milhão milhões milione milioni миллион ' +
          'миллиона миллионов млн मिलियन',
        7: 'crore crores करोड़',
        9:
          'billion billions bn mrd milliard milliards milliarde milliarden milliardi miliardi bilhão bilhões миллиард миллиарда ' +
          'миллиардов млрд',
        12: 'trillion trillions tn billionen billones трлн',
      }).flatMap(([power, words]) => words.split(' ').map((word) => [word, Number(power)])),
    ),
);

/** Powers of ten that open the word after a number in scripts without blanks. */
export const unspacedScales: Readonly<Record<string, number>> = {
  百: 2,
  千: 3,
  천: 3,
  万: 4,
  萬: 4,
  만: 4,
  億: 8,
  亿: 8,
  억: 8,
  兆: 12,
  조: 12,
};

/** Units that stand right after their number, as in `45kg`. */
export const units = set(
  'mm cm dm km nm µm μm mi ft in yd yds inch inches mg µg μg kg lb lbs oz ml cl dl hl gal ms µs μs ns sec secs min mins hr hrs ' +
    'std wk wks mo mos yr yrs hz khz mhz ghz kw kwh mw mwh wh kv mv ma mah pa kpa mpa hpa bar atm psi mol mmol kj kcal cal mj ev kev ' +
    'mev db kb mb gb tb kib mib gib kbps mbps gbps mph kph kmh kn ha sqft sqm cc rpm deg rad °c px pt pts pcs ppm ppb dpi ω kω mω ' +
    'g l v w',
);

/** Single letters that are units if a blank stands before them. `5 n` is a product. */
export const unitLetters = set('m g s h l L t N J W V A C F Ω');

/** Units of one letter in a quotient: `km/h`. */
export const divisorLetters = set('h s m l g d kg k w a');

/** Words of currencies, before or after a number. */
export const currencies = set(
  'usd eur gbp jpy cny rmb inr cad aud nzd chf sek nok dkk pln czk huf brl mxn rub krw zar sgd hkd try rs rp fr sfr kr rm idr vnd php thb ngn kes aed sar ils clp cop ars ' +
    'dollar dollars cent cents euro euros pound pounds rupee rupees yen yuan rubles peso pesos real reais franken francs рублей ' +
    'руб долларов евро',
);

/** Units that are written out, after a number whose comma is a decimal one only if a unit follows. */
export const unitWords = set(
  'meter meters metre metres mètres metros metri kilometer kilometers kilometre kilometres kilomètres kilometros km² m² m³ cm² ' +
    'cm³ centimeter centimeters millimeter liter liters litre litres litros litri gram grams gramm grammes gramos kilogram kilograms ' +
    'kilogramm kilo kilos kilogramme tonnen tonnes tons hour hours stunde stunden heure heures hora horas ore minute minutes minuten ' +
    'minutos minuti second seconds sekunden secondes segundos secondi day days tag tage jours dias días giorni year years jahre ans ' +
    'años anos anni degree degrees grad percent prozent procent pourcent metrov метров метра километров килограммов литров часов ' +
    'часа минут секунд процентов процента',
);

/** Words after a number that make it another one, or a part of one. */
export const changers = set(
  'plus minus times divided over squared cubed factorial mod modulo choose through thru dozen dozens score half halves third ' +
    'thirds quarter quarters fourth fourths fifth fifths sixth sixths seventh sevenths eighth eighths ninth ninths tenth tenths ' +
    "hundredth hundredths thousandth thousandths or oder ou или versus vs am pm a.m p.m o'clock uhr st nd rd th bc ad bce ce " +
    'minimum maximum min. max. mal moins más menos mais più meno fois por per_hundred power pi π sqrt mil x if when unless while',
);

/** Number words that are not read as numbers: another number if they stand in the clause of one. */
export const numberWords = set(
  'hundred half thousand million billion trillion dozen dozens zwei drei vier fünf sechs sieben acht neun zehn deux trois quatre cinq huit neuf dix dos tres cuatro cinco seis ' +
    'siete ocho nueve diez',
);

/** Words that begin the reasons for the number before them. */
export const reasons = set(
  'because since as which that who so where given after using computed calculated i.e namely hence thus therefore ' +
    'not rather instead denn weil da also car parce puisque donc porque pues ya pois porquanto perché poiché quindi потому ' +
    'так поскольку ведь क्योंकि لأن explanation reason reasoning rationale ' +
    'justification confidence certainty note source sources',
);

/** Words that, after a comma, continue with more of the answer. */
export const continuations = set(
  'and or plus minus but then maybe perhaps possibly alternatively although though to through und oder et ou y o e и или up ' +
    'versus with give otherwise else bis à a до remainder remaining rest reste resto остаток',
);

/** Functions: what follows them is their argument. */
export const functions = set(
  'log ln lg sin cos tan cot sec csc sinh cosh tanh arcsin arccos arctan exp sqrt root cbrt abs floor ceil gcd lcm max min mod lim det ' +
    'half twice double triple quarter third',
);

/** Titles of things that have a number: `Step 2`, `Error 429`. */
export const labels = set(
  'step steps chapter section question problem figure fig table page line version error code status http room level grade phase part ' +
    'example exercise equation eq no nr number# item case round day week month year article paragraph appendix lemma theorem player team ' +
    'option# route highway flight bus gate apollo windows iphone gpt model type',
);

/** Ranges, bounds and alternatives in scripts without blanks. */
export const unspacedChanger =
  /^(?:から|至|到|或|又は|または|か|以上|以下|以内|未満|未满|多|余|餘|時|点|點|月|이상|이하|미만|초과|또는|에서|乘|加|减|減|除|和|と|与|及)/u;
