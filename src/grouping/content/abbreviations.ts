/** Abbreviations that are stop words in lower case. */
const likeStopWords = new Set(['us', 'who', 'it']);

/** Returns the form of an abbreviation: in lower case, except for US and IT, which are other words then. USA is US. */
export const abbreviationForm = (letters: string): string =>
  letters === 'usa' ? 'US' : likeStopWords.has(letters) ? letters.toUpperCase() : letters;

/** Whether a word is written as an abbreviation, with or without full stops. */
export const isAbbreviation = (raw: string): boolean => capitals.test(raw);

const capitals = /^\p{Lu}[\p{Lu}.]+$/u;
