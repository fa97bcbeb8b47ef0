import { nounsOf, type PhraseMark, phraseMark } from './announcements.ts';

/** Finds the nouns of a text that may announce an answer, in one pass. */
export interface NounFinder {
  /** Leaves out the nouns of a mark. Asked for growing positions, as the others. */
  readonly skip: (at: number, end: number) => void;
  /** Whether a noun announces an answer before another question begins. If none does, those before it do not count. */
  readonly announceBefore: (question: number) => boolean;
  /** Returns where the last noun ends before the end of an answer; -1 if there is none. */
  readonly lastBefore: (to: number) => number;
  /** Returns the announcements before that end. */
  readonly phrases: () => readonly PhraseMark[];
}

const ASCII_NOUNS = new RegExp(nounsOf(true), 'gi');
const ALL_NOUNS = new RegExp(nounsOf(false), 'gi');

const beyondAscii = /[^\0-\x7f]/;

/** The shortest noun of ASCII: "total". Others may have one character. */
const SHORTEST = 5;

/** How many marks, and how many nouns that may announce an answer, are looked at: the last ones. */
export const MOST_MARKS = 100;

/** Adds to a list of which only the first and the last items are looked at. Drops others from time to time. */
export function add<Item>(items: Item[], item: Item): void {
  if (items.push(item) > 2 * MOST_MARKS + SPARE) items.splice(MOST_MARKS, SPARE);
}

const SPARE = 100;

/** How many announcements are read: the last ones. */
const MOST_PHRASES = 20;

/** A noun: the first one from `from` on, which ends at `end`. Only where the nouns end is kept, because a match takes longer. */
interface Noun {
  readonly from: number;
  readonly end: number;
}

/** Finds the nouns from `from` on. */
export function nounFinder(text: string, from: number): NounFinder {
  const [pattern, shortest] = beyondAscii.test(text) ? [ALL_NOUNS, 1] : [ASCII_NOUNS, SHORTEST];
  let start = from;
  let next: Noun = { from, end: from };
  let nouns: Noun[] = [];
  const search = (at: number): void => {
    pattern.lastIndex = at;
    next = { from: at, end: pattern.test(text) ? pattern.lastIndex : Number.POSITIVE_INFINITY };
  };
  const find = (end: number): void => {
    if (end - start < shortest) return;
    if (next.end <= start) search(start);
    while (next.end <= end) {
      add(nouns, next);
      search(next.end);
    }
  };
  const phraseOf = (noun: Noun): PhraseMark | undefined => {
    pattern.lastIndex = noun.from;
    return phraseMark(text, pattern.exec(text)?.index ?? noun.from, noun.end);
  };
  let looked = 0;
  let phrases: PhraseMark[] | undefined;
  return {
    skip(at, end) {
      find(at);
      start = end;
    },
    announceBefore(question) {
      find(question);
      const isAnnounced = nouns.some((noun) => looked++ < MOST_MARKS && phraseOf(noun) !== undefined);
      if (!isAnnounced) nouns = [];
      return isAnnounced;
    },
    lastBefore(to) {
      find(to);
      return nouns.at(-1)?.end ?? -1;
    },
    phrases() {
      if (phrases !== undefined) return phrases;
      phrases = [];
      for (const noun of nouns.slice(-MOST_MARKS).toReversed()) {
        const phrase = phrases.length < MOST_PHRASES ? phraseOf(noun) : undefined;
        if (phrase !== undefined) phrases.unshift(phrase);
      }
      return phrases;
    },
  };
}
