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
import { logOdds } from '../../strategies/voting/log-odds.ts';
import { majority } from '../../strategies/voting/majority.ts';
import { median } from '../../strategies/voting/median.ts';
import { rankedChoice } from '../../strategies/voting/ranked-choice.ts';
import { setVote } from '../../strategies/voting/set-vote.ts';
import { toolVote } from '../../strategies/voting/tool-vote.ts';
import { trimmedMean } from '../../strategies/voting/trimmed-mean.ts';
import { unanimous } from '../../strategies/voting/unanimous.ts';
import { weighted } from '../../strategies/voting/weighted.ts';
import { type Factory, isRecord, withoutOptions } from './config-value.ts';

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
  },
  normalization: { choice, text, jsonSchema, toolCalls, math },
  earlyStop: { adaptive, confident, consensus },
};

/** What a name stands for in a file, but not in code, where these functions are imported. */
export const fileNames: Readonly<Record<string, Readonly<Record<string, () => unknown>>>> = {
  strategy: { toolVote, rankedChoice, median, trimmedMean, setVote },
  normalization: { math },
};

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
