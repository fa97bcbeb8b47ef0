import { FEWEST_LETTERS, isNear } from './near.ts';

/** A form of words, and where it occurs. */
export interface Term {
  readonly form: string;
  /** The places of the contents with a word of this form. */
  readonly places: number[];
  /** Other spellings of it among the terms. */
  readonly near: Term[];
}

/** The forms of the words of all contents. */
export interface WordIndex {
  /** Returns the term of a form, and creates it if it is new. Only a new form is compared with others. */
  enter(form: string): Term;
  find(form: string): Term | undefined;
}

export const wordIndex = (): WordIndex => {
  const terms = new Map<string, Term>();
  const alike = new Map<number, Term[]>();
  const compare = (term: Term): void => {
    const initial = term.form.charCodeAt(0);
    const others = alike.get(initial) ?? [];
    for (const other of others) {
      if (!isNear(term.form, other.form)) continue;
      term.near.push(other);
      other.near.push(term);
    }
    others.push(term);
    alike.set(initial, others);
  };
  return {
    find: (form) => terms.get(form),
    enter(form) {
      const known = terms.get(form);
      if (known !== undefined) return known;
      const term: Term = { form, places: [], near: [] };
      terms.set(form, term);
      if (form.length >= FEWEST_LETTERS && isLetter.test(form)) compare(term);
      return term;
    },
  };
};

const isLetter = /^\p{L}/u;
