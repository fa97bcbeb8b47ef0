import { ConfigError } from '../../domain/errors.ts';
import { exact } from '../../experiment/scorers/exact.ts';
import { type MatchingOptions, matching } from '../../experiment/scorers/matching.ts';
import { sameSet } from '../../experiment/scorers/same-set.ts';
import type { Scorer } from '../../experiment/scorers/scorer.ts';
import { within } from '../../experiment/scorers/within.ts';
import { shown } from '../../options.ts';
import {
  collectFaults,
  construct,
  type Factory,
  isRecord,
  type OnFault,
  withoutOptions,
} from './config-value.ts';

/** A regular expression is a text in a file. */
const matchingText = (options: unknown): Scorer => {
  // What is no object at all is for `matching` to refuse.
  if (!isRecord(options) || options.pattern === undefined) return matching(options as MatchingOptions);
  const { pattern, ...others } = options;
  if (typeof pattern !== 'string') {
    throw new ConfigError([`matching: option "pattern" must be a text, but got ${shown(pattern)}`]);
  }
  try {
    const { flags = 'iu' } = others as MatchingOptions;
    return matching({ ...others, pattern: new RegExp(pattern, flags) });
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new ConfigError([
      `matching: option "pattern" must be a regular expression, but got ${shown(pattern)}`,
    ]);
  }
};

const makers: Readonly<Record<string, Factory<Scorer>>> = {
  exact: withoutOptions(exact),
  within,
  sameSet,
  matching: matchingText,
};

/** The scorer of a file: a name, or `{ name: options }`. */
export const configScorer = (value: unknown, complain: OnFault): Scorer | undefined => {
  if (value === undefined) return undefined;
  if (typeof value !== 'string') return construct(complain, 'scorer', value, makers) as Scorer | undefined;
  const make = Object.hasOwn(makers, value) ? makers[value] : undefined;
  if (make !== undefined) return collectFaults(complain, 'scorer', () => make({} as never));
  complain('scorer', `expected one of ${Object.keys(makers).join(', ')}, but got ${shown(value)}`);
  return undefined;
};
