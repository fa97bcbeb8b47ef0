import {
  ara,
  ben,
  bul,
  cat,
  ces,
  dan,
  deu,
  ell,
  est,
  eus,
  fas,
  fin,
  fra,
  gle,
  glg,
  guj,
  heb,
  hin,
  hrv,
  hun,
  hye,
  ind,
  ita,
  jpn,
  kor,
  lav,
  lit,
  mar,
  msa,
  mya,
  nld,
  nob,
  pol,
  por,
  ron,
  rus,
  slk,
  slv,
  spa,
  swa,
  swe,
  tgl,
  tha,
  tur,
  ukr,
  urd,
  vie,
  zho,
} from 'stopword';
import { plainText } from './plain-text.ts';
import type { Word } from './word.ts';

/** A language with known words without content, as its code of ISO 639-1. */
export type Language =
  | 'en'
  | 'ar'
  | 'bg'
  | 'bn'
  | 'ca'
  | 'cs'
  | 'da'
  | 'de'
  | 'el'
  | 'es'
  | 'et'
  | 'eu'
  | 'fa'
  | 'fi'
  | 'fr'
  | 'ga'
  | 'gl'
  | 'gu'
  | 'he'
  | 'hi'
  | 'hr'
  | 'hu'
  | 'hy'
  | 'id'
  | 'it'
  | 'ja'
  | 'ko'
  | 'lt'
  | 'lv'
  | 'mr'
  | 'ms'
  | 'my'
  | 'nb'
  | 'nl'
  | 'pl'
  | 'pt'
  | 'ro'
  | 'ru'
  | 'sk'
  | 'sl'
  | 'sv'
  | 'sw'
  | 'th'
  | 'tl'
  | 'tr'
  | 'uk'
  | 'ur'
  | 'vi'
  | 'zh';

/** The lists of words that say nothing by themselves, by the codes of ISO 639-1. */
const lists = {
  ar: ara,
  bg: bul,
  bn: ben,
  ca: cat,
  cs: ces,
  da: dan,
  de: deu,
  el: ell,
  es: spa,
  et: est,
  eu: eus,
  fa: fas,
  fi: fin,
  fr: fra,
  ga: gle,
  gl: glg,
  gu: guj,
  he: heb,
  hi: hin,
  hr: hrv,
  hu: hun,
  hy: hye,
  id: ind,
  it: ita,
  ja: jpn,
  ko: kor,
  lt: lit,
  lv: lav,
  mr: mar,
  ms: msa,
  my: mya,
  nb: nob,
  nl: nld,
  pl: pol,
  pt: por,
  ro: ron,
  ru: rus,
  sk: slk,
  sl: slv,
  sv: swe,
  sw: swa,
  th: tha,
  tl: tgl,
  tr: tur,
  uk: ukr,
  ur: urd,
  vi: vie,
  zh: zho,
} satisfies Record<Exclude<Language, 'en'>, readonly string[]>;

/** The codes of all languages. */
export const languages: readonly Language[] = ['en', ...(Object.keys(lists) as (keyof typeof lists)[])];

/** The languages of the lists that contain a word. Made when a text is not in English, because it takes some milliseconds. */
let byWord: ReadonlyMap<string, readonly Language[]> | undefined;

const languagesOf = (word: Word): readonly Language[] => {
  byWord ??= listed();
  return byWord.get(word.lower) ?? none;
};

const none: readonly Language[] = [];

const listed = (): ReadonlyMap<string, readonly Language[]> => {
  const words = new Map<string, Language[]>();
  for (const [language, list] of Object.entries(lists) as [keyof typeof lists, readonly string[]][]) {
    for (const word of new Set(list.map((each) => plainText(each).toLowerCase()))) {
      const known = words.get(word);
      if (known === undefined) words.set(word, [language]);
      else known.push(language);
    }
  }
  return words;
};

/** Returns words with the stop words of a language, which is English in the beginning. */
export const inLanguage = (words: readonly Word[], language: Language): readonly Word[] =>
  language === 'en'
    ? words
    : words.map((word) => ({ ...word, isStopWord: languagesOf(word).includes(language) }));

/** The least share of English stop words in a text in English. */
const ENGLISH_SHARE = 0.25;

/** Returns the language of which texts have the most different stop words, at least two; English if that is not clear. */
export const languageOf = (...texts: readonly (readonly Word[])[]): Language => {
  if (isEnglish(texts)) return 'en';
  const different = [...new Map(texts.flat().map((word) => [word.lower, word])).values()];
  const english = different.filter(({ isStopWord }) => isStopWord).length;
  const counts = new Map<Language, number>();
  for (const language of different.flatMap(languagesOf))
    counts.set(language, (counts.get(language) ?? 0) + 1);
  const [language, count] = [...counts].reduce(
    (best, each) => (each[1] > best[1] ? each : best),
    ['en', english],
  );
  return count > Math.max(1, english) ? language : 'en';
};

/** Decides for most texts in English, without making anything. */
const isEnglish = (texts: readonly (readonly Word[])[]): boolean => {
  let [words, stopWords] = [0, 0];
  for (const text of texts) {
    words += text.length;
    for (const { isStopWord } of text) if (isStopWord) stopWords += 1;
  }
  return stopWords >= ENGLISH_SHARE * words;
};
