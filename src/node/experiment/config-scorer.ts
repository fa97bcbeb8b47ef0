import { ConfigError } from '../../errors.ts';
import type { Scorer } from '../../experiment/scorer.ts';
import { exact } from '../../experiment/scorers/exact.ts';
import { type MatchingOptions, matching } from '../../experiment/scorers/matching.ts';
import { sameSet } from '../../experiment/scorers/same-set.ts';
import { within } from '../../experiment/scorers/within.ts';
import { shown } from '../../options.ts';
import { attempt, type Complain, type Make, made } from './config-value.ts';

/** A regular expression is a text in a file. */
const matchingText = (options: Omit<MatchingOptions, 'pattern'> & { readonly pattern?: string }): Scorer => {
  const { pattern, ...others } = options;
  if (pattern === undefined) return matching(others);
  try {
    return matching({ ...others, pattern: new RegExp(pattern, others.flags ?? 'iu') });
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new ConfigError([
      `matching: option "pattern" must be a regular expression, but got ${shown(pattern)}`,
    ]);
  }
};

const makers: Readonly<Record<string, Make<Scorer>>> = { exact, within, sameSet, matching: matchingText };

/** The scorer of a file: a name, or `{ name: options }`. */
export const configScorer = (value: unknown, complain: Complain): Scorer | undefined => {
  if (value === undefined) return undefined;
  if (typeof value !== 'string') return made(complain, 'scorer', value, makers) as Scorer | undefined;
  const make = Object.hasOwn(makers, value) ? makers[value] : undefined;
  if (make !== undefined) return attempt(complain, 'scorer', () => make({} as never));
  complain('scorer', `expected one of ${Object.keys(makers).join(', ')}, but got ${shown(value)}`);
  return undefined;
};
