import { opensClause, type Word } from './word.ts';

/** The words of a text that have opposites, with these. */
export type Poles = ReadonlyMap<string, readonly string[]>;

/** Returns the words that have opposites. Those of the question count only if it has both: "Is it even or odd?". */
export const polesOf = (words: readonly Word[], asked: ReadonlySet<string>): Poles => {
  const poles = new Map<string, readonly string[]>();
  words.forEach((word, at) => {
    if (word.opposites.length === 0 || !isPole(word, words[at + 1])) return;
    if (asked.has(word.form) && !word.opposites.some((opposite) => asked.has(opposite))) return;
    poles.set(word.lower, word.opposites);
  });
  return poles;
};

/** "Leave it on." and "over 5 kg" have opposites; "on the table" and "over the years" do not. */
const isPole = ({ lower }: Word, next: Word | undefined): boolean => {
  if (particles.has(lower)) return next === undefined || opensClause(next);
  return !bounds.has(lower) || next?.kind === 'number' || next?.kind === 'sign';
};

const particles = new Set(['on', 'off', 'in', 'out']);
const bounds = new Set(['over', 'under']);
