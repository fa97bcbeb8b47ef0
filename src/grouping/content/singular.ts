/**
 * Returns an English word without its plural s, and with the American ending of "theatre". Words of other languages change
 * too, in every answer alike.
 */
export const singular = (word: string): string => {
  if (word.length > 4 && /[bt]re?$/.test(word)) return word.replace(/([bt])re$/, '$1er');
  if (word.length < 4 || !word.endsWith('s') || /(?:ss|us|is)$/.test(word)) return word;
  if (word.length > 4 && word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  return word.slice(0, /(?:xes|ches|shes|sses|zes)$/.test(word) ? -2 : -1);
};
