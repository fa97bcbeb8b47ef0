import { compoundTerms } from '../../src/grouping/content/compound-terms.ts';
import { type Content, contentOf } from '../../src/grouping/content/content.ts';
import { commonWeights } from '../../src/grouping/content/content-groups.ts';
import { contentIndex } from '../../src/grouping/content/content-index.ts';
import { contradicts } from '../../src/grouping/content/contradicts.ts';
import { questionOf } from '../../src/grouping/content/question.ts';
import { atOnce } from '../../src/time/in-slices.ts';
import type { JudgedQuestion } from './answers.ts';

/** Two answers to a question, of which at least one is right: they say the same if both are. */
export interface Pair {
  readonly areSame: boolean;
  /** How much of the shorter answer the other contains, from 0 to 1; 0 if their facts exclude each other. */
  readonly contained: number;
}

export const pairsOf = (questions: readonly JudgedQuestion[]): readonly Pair[] =>
  questions.flatMap(({ question, responses }) => {
    const asked = questionOf(question);
    const answers = responses.map(({ text, judged }) => ({ text, judged, content: contentOf(text, asked) }));
    return answers.flatMap((first, index) =>
      answers
        .slice(index + 1)
        .filter(({ judged }) => judged || first.judged)
        .map((second) => ({
          areSame: first.judged && second.judged,
          contained: containedShare(first.content, second.content),
        })),
    );
  });

const containedShare = (one: Content, other: Content): number => {
  const [shorter, longer] = one.weight <= other.weight ? [one, other] : [other, one];
  if (contradicts(shorter, longer)) return 0;
  const index = contentIndex<undefined>();
  for (const content of [shorter, longer]) index.add(`${index.entries.length}`, () => content, undefined);
  const [entry, second] = index.entries;
  if (entry === undefined || second === undefined) return 1;
  const common = commonWeights(2, atOnce(compoundTerms(index))).of(entry);
  return (common.get(1) ?? 0) / shorter.weight;
};

/** How well pairs that say the same are told from others. */
export interface PairFigures {
  readonly pairs: number;
  /** The proportion of joined pairs that say the same. */
  readonly precision: number;
  /** The proportion of pairs that say the same that are joined. */
  readonly recall: number;
  /** The probability that a pair that says the same contains more than one that does not; half if they are equal. */
  readonly auc: number;
}

export const figuresOf = (pairs: readonly Pair[]): PairFigures => {
  const joined = pairs.filter(({ contained }) => contained > 0.5);
  const same = pairs.filter(({ areSame }) => areSame);
  const right = joined.filter(({ areSame }) => areSame);
  return {
    pairs: pairs.length,
    precision: right.length / joined.length,
    recall: right.length / same.length,
    auc: areaOf(pairs, same.length),
  };
};

/** By the ranks of the pairs that say the same, as Mann and Whitney count them. */
const areaOf = (pairs: readonly Pair[], same: number): number => {
  const byShare = [...Map.groupBy(pairs, ({ contained }) => contained)].sort(([a], [b]) => a - b);
  let below = 0;
  let area = 0;
  for (const [, equals] of byShare) {
    const ofSame = equals.filter(({ areSame }) => areSame).length;
    const others = equals.length - ofSame;
    area += ofSame * (below + others / 2);
    below += others;
  }
  return area / (same * (pairs.length - same));
};
