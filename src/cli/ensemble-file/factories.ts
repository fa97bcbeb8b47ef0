import { ConfigError } from '../../domain/errors.ts';
import { isRecord } from '../../domain/is-record.ts';
import { byContent } from '../../grouping/by-content.ts';
import { bySimilarity } from '../../grouping/by-similarity.ts';
import { byTolerance } from '../../grouping/by-tolerance.ts';
import { math } from '../../math/math.ts';
import { choice } from '../../normalizers/choice.ts';
import { jsonSchema } from '../../normalizers/json-schema.ts';
import { text } from '../../normalizers/text.ts';
import { toolCalls } from '../../normalizers/tool-calls.ts';
import { spendingCap } from '../../policies/spending-cap.ts';
import { cascade } from '../../strategies/execution/cascade.ts';
import { hedged } from '../../strategies/execution/hedged.ts';
import { parallel } from '../../strategies/execution/parallel.ts';
import { sequential } from '../../strategies/execution/sequential.ts';
import { adaptive } from '../../strategies/stopping/adaptive.ts';
import { confident } from '../../strategies/stopping/confident.ts';
import { consensus } from '../../strategies/stopping/consensus.ts';
import { bestConfidence } from '../../strategies/voting/best-confidence.ts';
import { confidenceWeighted } from '../../strategies/voting/confidence-weighted.ts';
import type { FieldRule } from '../../strategies/voting/fields/field-rule.ts';
import { fieldwise } from '../../strategies/voting/fieldwise.ts';
import { logOdds } from '../../strategies/voting/log-odds.ts';
import { majority } from '../../strategies/voting/majority.ts';
import { median } from '../../strategies/voting/median.ts';
import { rankedChoice } from '../../strategies/voting/ranked-choice.ts';
import { type RowwiseOptions, rowwise } from '../../strategies/voting/rowwise.ts';
import { setVote } from '../../strategies/voting/set-vote.ts';
import { toolVote } from '../../strategies/voting/tool-vote.ts';
import { trimmedMean } from '../../strategies/voting/trimmed-mean.ts';
import { unanimous } from '../../strategies/voting/unanimous.ts';
import { weighted } from '../../strategies/voting/weighted.ts';
import { construct, type Factory, withoutOptions } from './config-value.ts';

/** The functions that a file names with options, as in `{ "hedged": { … } }`, by the option of an ensemble. */
export const factories: Readonly<Record<string, Readonly<Record<string, Factory<unknown>>>>> = {
  execution: { parallel: withoutOptions(parallel), sequential, hedged, cascade },
  strategy: {
    majority: withoutOptions(majority),
    weighted,
    bestConfidence: withoutOptions(bestConfidence),
    unanimous,
    confidenceWeighted,
    logOdds,
    toolVote,
    rankedChoice,
    median,
    trimmedMean,
    setVote,
    fieldwise: (rules: unknown) => fieldwise(readRules('fieldwise', rules)),
    rowwise: (options: RowwiseOptions) =>
      rowwise({
        ...options,
        ...(options?.fields !== undefined && { fields: readRules('rowwise.fields', options.fields) }),
      }),
  },
  normalization: { choice, text, jsonSchema, toolCalls, math },
  earlyStop: { adaptive, confident, consensus },
};

/** What a name stands for in a file, but not in code, where these functions are imported. */
export const fileNames: Readonly<Record<string, Readonly<Record<string, () => unknown>>>> = {
  strategy: { toolVote, rankedChoice, median, trimmedMean, setVote, fieldwise: () => fieldwise() },
  normalization: { math },
};

/** The groupings that a rule of a field may be. They ask no model. */
export const fieldGroupings: Readonly<Record<string, Factory<unknown>>> = {
  byContent: withoutOptions(byContent),
  bySimilarity,
  byTolerance,
};

/** Returns the rules of a file as those of `fieldwise`. Anything but a rule is returned as it is, and refused there. */
const readRules = (owner: string, rules: unknown): Readonly<Record<string, FieldRule>> => {
  if (!isRecord(rules)) return rules as Readonly<Record<string, FieldRule>>;
  const faults: string[] = [];
  const known = { ...factories.strategy, ...fieldGroupings };
  const read = Object.entries(rules).map(([field, rule]) => {
    const named =
      typeof rule === 'string' && Object.hasOwn(ruleNames, rule) ? ruleNames[rule]?.() : undefined;
    const place = `${owner}: "${field}"`;
    return [field, named ?? construct((at, fault) => faults.push(`${at}: ${fault}`), place, rule, known)];
  });
  if (faults.length > 0) throw new ConfigError(faults);
  return Object.fromEntries(read);
};

/** What a name stands for in a rule of a file, but not in code. */
export const ruleNames: Readonly<Record<string, () => unknown>> = { ...fileNames.strategy, byContent };

/**
 * Returns the `budget` of a file as that of an ensemble: `maxUsd` and `windowMs` make a cap.
 *
 * @throws {ConfigError} if the cap is invalid.
 */
export const fileBudget = (value: unknown): unknown => {
  if (!isRecord(value) || !('maxUsd' in value)) return value;
  const { maxUsd, windowMs, ...others } = value as Readonly<Record<string, number | undefined>>;
  const cap = spendingCap({ maxUsd: maxUsd as number, ...(windowMs !== undefined && { windowMs }) });
  return { ...others, caps: [cap] };
};
