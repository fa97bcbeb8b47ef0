import type { Group } from '../domain/grouping.ts';
import type { Vote } from '../domain/outcome.ts';

/** Returns a group of votes that arrived in any order. */
export const inPanelOrder = (votes: readonly Vote[]): Group => votes.toSorted((a, b) => a.index - b.index);
