import { reading } from '../options.ts';
/**
 * The number of independent votes that a panel with correlated votes is worth: `n / (1 + (n - 1) ρ)`. A panel of
 * copies, ρ = 1, is worth one vote. An independent panel, ρ = 0, is worth one vote for each member. A ρ below 0 counts
 * as 0: negative correlation does not add members.
 *
 * @param members number of members that vote.
 * @param correlation ρ, the mean correlation of two members, -1..1.
 * @returns from 1 to `members`; 0 if there are no members.
 *
 * Formula: the design effect of Kish, Survey Sampling (1965).
 *
 * @example
 * ```ts
 * import { effectiveVotes } from 'crucible-ensemble/metrics';
 *
 * effectiveVotes(5, 1); // => 1
 * effectiveVotes(5, 0.25); // => 2.5
 * effectiveVotes(5, 0); // => 5
 * ```
 */
export const effectiveVotes = (members: number, correlation: number): number =>
  reading(
    'effectiveVotes',
    () => members / (1 + Math.max(0, members - 1) * Math.min(1, Math.max(0, correlation))),
  );
