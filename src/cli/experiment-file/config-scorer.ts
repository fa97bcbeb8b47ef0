import { ConfigError } from '../../domain/errors.ts';
import { isRecord } from '../../domain/is-record.ts';
import { type ExactOptions, exact } from '../../experiment/scorers/exact.ts';
import { type MatchingOptions, matching } from '../../experiment/scorers/matching.ts';
import { sameSet } from '../../experiment/scorers/same-set.ts';
import type { Scorer } from '../../experiment/scorers/scorer.ts';
import { within } from '../../experiment/scorers/within.ts';
import type { Normalization } from '../../normalizers/normalizers.ts';
import { refuse, shown } from '../../options.ts';
import { collectFaults, construct, type Factory, type OnFault } from '../ensemble-file/config-value.ts';
import { readOption } from '../ensemble-file/read-options.ts';
import { type FileJudge, fileJudge, fileJury, type JudgeContext } from './file-judge.ts';

/** Creates `matching` from a file, in which a regular expression is a string. */
const matchingPattern = (options: unknown): Scorer => {
  // `matching` refuses options that are not an object.
  if (!isRecord(options) || options.pattern === undefined) return matching(options as MatchingOptions);
  const { pattern, ...others } = options;
  if (typeof pattern !== 'string') {
    throw new ConfigError([`matching: option "pattern" must be a string, but got ${shown(pattern)}`]);
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

/** Creates `exact` from a file, in which a normalizer has a name. */
const exactAs = (options: unknown): Scorer => {
  // `exact` refuses options that are not an object.
  if (!isRecord(options) || options.as === undefined) return exact(options as ExactOptions);
  const faults: string[] = [];
  const onFault: OnFault = (_place, fault) => faults.push(fault);
  const as = readOption('as', 'normalization', options.as, {
    onFault,
    readPanel: () => undefined,
    readModel: () => undefined,
  });
  refuse(faults.map((fault) => `exact: option "as": ${fault}`));
  return exact({ ...options, as: as as Normalization });
};

const factories: Readonly<Record<string, Factory<Scorer>>> = {
  exact: exactAs,
  within,
  sameSet,
  matching: matchingPattern,
};

/** The scorer of a file, and its judge if it is one. */
export interface FileScorer {
  readonly scorer?: Scorer | 'none' | undefined;
  readonly judge?: FileJudge | undefined;
}

/** Creates the scorer of a file: a name, `none`, or `{ name: options }`. */
export const configScorer = (value: unknown, context: JudgeContext): FileScorer => {
  const [read] =
    isRecord(value) && Object.keys(value).length === 1 ? judges.filter(([name]) => name in value) : [];
  if (read === undefined) return { scorer: plainScorer(value, context.onFault) };
  const [name, reader] = read;
  const judge = reader((value as Readonly<Record<string, unknown>>)[name], context);
  return { judge, scorer: judge?.scorer };
};

/** The scorers that make calls. */
const judges = [
  ['judge', fileJudge],
  ['jury', fileJury],
] as const;

const plainScorer = (value: unknown, onFault: OnFault): Scorer | 'none' | undefined => {
  if (value === undefined || value === 'none') return value;
  if (typeof value !== 'string') return construct(onFault, 'scorer', value, factories) as Scorer | undefined;
  const create = Object.hasOwn(factories, value) ? factories[value] : undefined;
  if (create !== undefined) return collectFaults(onFault, 'scorer', () => create({} as never));
  onFault('scorer', `expected one of ${Object.keys(factories).join(', ')}, none, but got ${shown(value)}`);
  return undefined;
};
