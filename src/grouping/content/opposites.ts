/** Words that exclude each other. */
const families = `
  once twice thrice, on off, in out, over under, sharp flat, hourly daily weekly monthly yearly, spring summer autumn winter, north south east west,
  northern southern eastern western, solid liquid gas, breakfast lunch dinner,   increase decrease, increased decreased, increasing decreasing, rise fall, rises falls, rose fell, rising falling, higher lower, high low,
  highest lowest, more less, more fewer, most least, before after, above below, left right, true false, win lose, won lost, legal illegal, male female, positive negative, maximum minimum,
  first last, open closed, opens closes, alive dead, allowed forbidden, allowed prohibited, allowed banned, buy sell, bought sold, hot cold,
  warm cold, hotter colder, warmer colder, fast slow, faster slower, early late, earlier later, old young, old new, older younger,
  oldest youngest, big small, large small, larger smaller, bigger smaller, largest smallest, long short, longer shorter, longest shortest,
  upper lower, inner outer, inside outside, internal external, up down, am pm, ad bc, accept reject, accepted rejected, pass fail,
  passed failed, strong weak, stronger weaker, heavy light, heavier lighter, black white, day night, mother father,
  brother sister, son daughter, husband wife, king queen, boy girl, import export, even odd, wet dry, safe dangerous, safe unsafe,
  always never, with without, guilty innocent, clockwise anticlockwise, clockwise counterclockwise, horizontal vertical, gain loss,
  profit loss, birth death, born died, begin end, begins ends, began ended, start end, starts ends, started ended, start finish, arrive depart,
  arrives departs, enter leave, push pull, raise lower, add remove, attack defend, include exclude, mandatory optional, required optional,
  compulsory optional, voluntary mandatory, voluntary compulsory, hard easy, hard soft, difficult easy, cheap expensive, cheaper dearer, rich poor, near far, deep shallow, wide narrow,
  thick thin, full empty, acidic alkaline, acid alkaline, anode cathode, viral bacterial, lend borrow, public private, permanent temporary,
  natural artificial, single married, senior junior, buyer seller, predator prey, sunrise sunset, dawn dusk, morning evening, noon midnight,
  victory defeat, guest host, offline online, rural urban, absent present, major minor, approved rejected, better worse, best worst,
  beneficial harmful, healthy unhealthy, expand contract, expands contracts, gained lost, hired fired, ascending descending, forwards backwards,
  forward backward, domestic foreign, guilty acquitted, convicted acquitted, sharp blunt, tight loose, top bottom, front back, greater less, greater fewer,
  greater smaller, grow shrink, grows shrinks, grew shrank, growing shrinking, growth decline, gain decline, gains losses, climbed dropped,
  rose dropped, much little, favour against, favor against, sr jr, sr junior, senior jr, bce ce, northwest northeast southwest southeast,
  northwestern northeastern southwestern southeastern, red green blue yellow orange purple pink brown, pere fils,
  boil freeze, boils freezes, boiling freezing, melt freeze, melts freezes, melting freezing`;

/** Words of nearly the same letters that are different things. */
const lookAlikes = `
  austria australia, austrian australian, dominica dominican, guiana guyana, ireland iceland, niger nigeria, nigerien nigerian,
  slovakia slovenia, slovakian slovenian, mauritanian mauritian, beryllium berkelium, yttrium ytterbium, ruthenium rhenium,
  cerium curium, thulium thallium, adenine adenosine, thymine thiamine thymidine, guanine guanosine, glutamine glutamate,
  chromatin chromatid, nucleus nucleolus, neutron neutrino, proton photon, meteor meteorite meteoroid, stalactite stalagmite,
  molarity molality, absorption adsorption, prostate prostrate, ilium ileum, peroneal perineal, dysphagia dysphasia,
  aphasia aphagia, parameter perimeter, radius radium, altitude attitude`;

const opposites = new Map<string, readonly string[]>();
const add = (word: string, opposite: string): void => {
  opposites.set(word, [...(opposites.get(word) ?? []), opposite]);
};
for (const family of `${families},${lookAlikes}`.split(',')) {
  const words = family.trim().split(' ');
  for (const word of words) for (const other of words) if (other !== word) add(word, other);
}

/** Beginnings of words that exclude each other: `hypertension` and `hypotension`, `possible` and `impossible`. */
const beginnings: Readonly<Record<string, readonly string[]>> = {
  hyper: ['hypo'],
  hypo: ['hyper'],
  inter: ['intra'],
  intra: ['inter'],
  endo: ['exo'],
  exo: ['endo'],
  macro: ['micro'],
  micro: ['macro', 'milli'],
  milli: ['micro'],
  pre: ['post'],
  post: ['pre'],
  over: ['under'],
  under: ['over'],
  super: ['sub'],
  sub: ['super'],
  mono: ['poly'],
  poly: ['mono'],
  ex: ['in', 'im'],
  un: [''],
  non: [''],
  dis: [''],
  in: ['', 'ex'],
  im: ['', 'ex'],
  il: [''],
  ir: [''],
};

const beginning = new RegExp(`^(${Object.keys(beginnings).join('|')})-?(\\p{L}{4,})$`, 'u');

/** Returns the words that are the opposite of a word. */
export const oppositesOf = (word: string): readonly string[] => {
  const known = opposites.get(word) ?? none;
  const [, start = '', rest = ''] = beginning.exec(word) ?? none;
  return start === '' ? known : [...known, ...(beginnings[start] ?? none).map((other) => other + rest)];
};

const none: readonly string[] = [];
