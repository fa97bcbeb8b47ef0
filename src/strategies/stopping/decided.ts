import type { StopRule } from '../../domain/execution.ts';
import { isDecided } from './is-decided.ts';
import { ruleOf } from './rule-of.ts';

/**
 * Stops when the result can no longer change: no other answer could catch up even if every pending call voted for it. The
 * answer is provably that of a full run, with up to half of the calls cancelled.
 *
 * ```text
 * a          --4
 * b          -----4
 * c          ----------5
 * decided()  -----^         c is cancelled
 * ```
 *
 * Source: the lossless quorum `lead − runnerUp > pending calls`, by weight if votes have weights. Under `bestConfidence`,
 * and for a plain vote function, only the last vote decides.
 *
 * @example
 * ```ts
 * import { createEnsemble, decided, simulated } from 'crucible-ensemble';
 *
 * const ensemble = createEnsemble({
 *   models: [1, 2, 3].map((seed) => simulated({ id: `model-${seed}`, seed, accuracy: 1, latencyMs: seed })),
 *   earlyStop: decided(),
 * });
 * const { metadata } = await ensemble.predict('What is 2 + 2?');
 * metadata.cancelled; // => 1
 * ```
 */
export const decided = (): StopRule => ruleOf('decided', isDecided, { isDecided: true });
