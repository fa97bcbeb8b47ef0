import { refuse, shown } from '../../options.ts';

/** The confidence of an answer, 0..1, and whether it was right. */
export interface ConfidencePair {
  readonly confidence: number;
  readonly isRight: boolean;
}

/** Answers of equal confidence: their number, and the number of right ones. */
export interface ConfidenceGroup {
  readonly confidence: number;
  readonly count: number;
  readonly right: number;
}

/** Counts answers by confidence, in memory for each different confidence. */
export const confidenceCounter = () => {
  const groups = new Map<number, { confidence: number; count: number; right: number }>();
  return {
    add({ confidence, count, right }: ConfidenceGroup): void {
      const group = groups.get(confidence) ?? { confidence, count: 0, right: 0 };
      groups.set(confidence, group);
      group.count += count;
      group.right += right;
    },
    /** The groups in ascending order of confidence. */
    groups: (): readonly ConfidenceGroup[] =>
      [...groups.values()].sort((a, b) => a.confidence - b.confidence),
  };
};

/** Groups pairs by confidence, in ascending order. */
export const groupsOf = (owner: string, pairs: Iterable<ConfidencePair>): readonly ConfidenceGroup[] => {
  const counter = confidenceCounter();
  for (const { confidence, isRight } of pairs) {
    if (!(confidence >= 0 && confidence <= 1)) {
      refuse([`${owner}: a confidence must be a number from 0 to 1, but got ${shown(confidence)}`]);
    }
    counter.add({ confidence, count: 1, right: isRight ? 1 : 0 });
  }
  return counter.groups();
};
