/**
 * Returns an English word in the singular, and with the American spelling of "theatre" and "grey". Words of other languages change
 * too, in every answer alike.
 */
export const singular = (word: string): string => {
  const known = irregular.get(word);
  if (known !== undefined) return known;
  if (word.length > 4 && /[bt]re?$/.test(word)) return word.replace(/([bt])re$/, '$1er');
  if (word.length < 4 || !word.endsWith('s') || /(?:ss|us|is)$/.test(word)) return word;
  if (word.length > 4 && word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  return word.slice(0, /(?:xes|ches|shes|sses|zes)$/.test(word) ? -2 : -1);
};

/** Plurals without an s of their own, and words whose two spellings are too short or too different to be near. */
const irregular: ReadonlyMap<string, string> = new Map(
  `mice mouse,lice louse,geese goose,feet foot,teeth tooth,men man,women woman,oxen ox,wolves wolf,leaves leaf,knives knife,wives wife,
   halves half,shelves shelf,thieves thief,loaves loaf,calves calf,hooves hoof,cacti cactus,fungi fungus,nuclei nucleus,
   grey gray,tyre tire,tyres tire,kerb curb,plough plow,sulphur sulfur,sulphate sulfate,sulphite sulfite,sulphide sulfide`
    .split(',')
    .map((pair) => pair.trim().split(' ') as [string, string]),
);
