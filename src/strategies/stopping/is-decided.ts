import type { Tally } from '../../domain/tally.ts';

/** Whether the pending calls can no longer change the result, also if the result is that there is no answer. */
export const isDecided = ({ margin, open }: Tally): boolean => margin > open;

/**
 * Whether votes so far are a result. While there is no leader, further votes may still make one: a voter may have a
 * winner only if it is sure enough.
 */
export const hasResult = (tally: Tally): boolean => tally.leader !== undefined || isDecided(tally);
