import { wordsOf } from '../normalizers/reading/words.ts';

/** The functions that are written with their name. */
export const functions = wordsOf(
  'sin,cos,tan,cot,sec,csc,sinh,cosh,tanh,arcsin,arccos,arctan,log,ln,exp,abs,cbrt,floor,ceil,gcd,lcm,max,min',
);

const units = wordsOf(
  `cm,mm,km,ft,feet,foot,inch,yd,yard,mile,kg,gram,mg,lb,pound,oz,ounce,ton,second,sec,min,minute,hr,hour,day,week,month,year,cent,dollar,
  usd,euro,deg,radian,rad,unit,square,cubic,sq,cu,percent,point,mph,kph,ml,liter,litre,gallon,meter,metre,per,pm,am,hz,mol,pa,kpa,atm,ev,kj,
  kw,acre,cup`,
);

/** Units of one letter, which are read as units only in a text: \`5 \\text{ m}\`. */
const SHORT_UNIT = /^[mgshlnjwkcfv]$/;

/** Whether a word behind a value only says what the value counts. */
export const isUnit = (word: string, isText: boolean): boolean =>
  units().has(word.replace(/^(?:centi|kilo)|(?<=ch)es$|s$/g, '')) || (isText && SHORT_UNIT.test(word));

/** Words that multiply the number before them. */
export const scales: Readonly<Record<string, string>> = {
  dozen: '12',
  hundred: '100',
  thousand: '1000',
  million: '1e6',
  billion: '1e9',
  trillion: '1e12',
};

/** Words of sentences: they are no names, they change the number before them, and no answer in words has them. */
const SENTENCE =
  'the|is|are|of|in|on|at|to|for|it|be|by|an|as|we|if|not?|with|which|that|this|there|has|have|can|must|so|where|when|than|from|only|such|above|below';

/** Words of two and three letters, which are no products of names. */
export const shortWord = new RegExp(
  `^(?:${SENTENCE}|yes|odd|one|two|six|ten|sum|all|any|new|old|red|day|sun|mon|tue|wed|thu|fri|sat|may|jan|feb|var|std|avg|ans|end|but|did|got|how|its|let|now|our|out|say|see|set|she|try|use|was|who|why|he|me|my|us|do|go|up|mod|per|tbd|dne|nan|off|top|low|big|few|men|boy|tax|age|row|bet|win|tie|won)$`,
);

/** Words that change the number before them, so that it is no count of what follows. */
export const changesNumber = new RegExp(
  `^(?:${SENTENCE}|or|and|out|over|more|less|fewer|most|least|mod|modulo|base|squared|cubed|factorial|choose|times|under|before|after|ago|north|south|east|west|(?:jan|febr)uary|march|april|may|june|july|august|(?:septem|octo|novem|decem)ber|half|halves|(?:third|quarter|fourth)s?|\\w+ths?)$`,
);

/** Words of sentences, and of texts that stand for an answer. */
export const noAnswer = new RegExp(
  `\\b(?:${SENTENCE}|requires?d?|needs?|needed|further|errors?|(?:comput|calculat|determin)\\w*|sure|expressions?|answers?|values?|final|incomplete|tbd|pending|analysis|numbers?|results?|solutions?|solve|see|null|nan|variables?|formulas?|maybe|perhaps|sorry|please|pass|depends?)\\b`,
);
