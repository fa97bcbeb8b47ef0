/** Returns an English word without its plural s. Other words may lose an s too, and do so in every answer. */
export const singular = (word: string): string => {
  if (word.length < 4 || !word.endsWith('s') || /(?:ss|us|is)$/.test(word)) return word;
  if (word.length > 4 && word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  return word.slice(0, /(?:xes|ches|shes|sses|zes)$/.test(word) ? -2 : -1);
};
