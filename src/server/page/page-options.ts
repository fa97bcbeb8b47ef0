import { faultsOf, suchThat, trueOrFalse, wholeNumber } from '../../options.ts';

/** Options of the page of a server. */
export interface PageOptions {
  /** How many predictions it lists, from 0 to 1,000. Default 100. They are kept in memory. */
  readonly history?: number;
  /** Whether the list shows the beginning of questions and answers. Default `false`. */
  readonly content?: boolean;
  /** The names of the keys that may see what all keys do. Default: none. Without keys, every client may. */
  readonly operators?: readonly string[];
}

const specs = {
  history: suchThat(
    'an integer from 0 to 1000',
    (value) => wholeNumber(0)(value) === undefined && Number(value) <= 1_000,
  ),
  content: trueOrFalse,
  operators: suchThat(
    'a list of the names of keys',
    (value) => Array.isArray(value) && value.every((name) => typeof name === 'string'),
  ),
} as const;

/** The faults of the option `page`. */
export const pageFaults = (owner: string, page: unknown): readonly string[] =>
  typeof page === 'object' && page !== null ? faultsOf(owner, page, specs) : [];

/** The options of a page, with their defaults. */
export const pageSettings = (page: true | PageOptions): Required<PageOptions> => {
  const { history = 100, content = false, operators = [] } = page === true ? {} : page;
  return { history, content, operators };
};
