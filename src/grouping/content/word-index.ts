import { FEWEST_LETTERS, isNear, MOST_MORE_LETTERS } from './near.ts';

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
  const similar = new Map<string, Term[]>();
  const compare = (term: Term): void => {
    const { form } = term;
    for (let more = -MOST_MORE_LETTERS; more <= MOST_MORE_LETTERS; more += 1) {
      for (const other of similar.get(kindOf(form, more)) ?? []) {
        if (!isNear(form, other.form)) continue;
        term.near.push(other);
        other.near.push(term);
      }
    }
    const own = kindOf(form, 0);
    const others = similar.get(own);
    if (others === undefined) similar.set(own, [term]);
    else others.push(term);
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

/** Only words of the same first letter and of about the same length can be spellings of one. */
const kindOf = (form: string, more: number): string => `${form.charAt(0)}${form.length + more}`;

const isLetter = /^\p{L}/u;
