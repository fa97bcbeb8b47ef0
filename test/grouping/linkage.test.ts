import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { averageLinkage } from '../../src/grouping/meaning/linkage.ts';

const groupsOf = (
  likeness: readonly (readonly number[])[],
  joins: (average: number) => boolean,
): number[][] => {
  const running = averageLinkage(likeness.length, (one, other) => likeness[one]?.[other] ?? 0, joins);
  for (;;) {
    const { done, value } = running.next();
    if (done) return value.map((group) => [...group]);
  }
};

/** A matrix of likenesses from the pairs that have one. */
const matrix = (size: number, pairs: readonly (readonly [number, number, number])[]): number[][] => {
  const rows = Array.from({ length: size }, () => Array.from({ length: size }, () => 0));
  for (const [one, other, likeness] of pairs) {
    (rows[one] as number[])[other] = likeness;
    (rows[other] as number[])[one] = likeness;
  }
  return rows;
};

const half = (average: number): boolean => average > 0.5;

/** The same by the definition: compares all pairs of groups for each step. */
const byDefinition = (likeness: readonly (readonly number[])[], joins: typeof half): number[][] => {
  const groups = likeness.map((_, item) => [item]);
  for (;;) {
    let best: { one: number; other: number; average: number } | undefined;
    for (const [one, members] of groups.entries())
      for (const [other, others] of groups.entries()) {
        if (other <= one) continue;
        const pairs = members.flatMap((a) => others.map((b) => likeness[a]?.[b] as number));
        const average = pairs.reduce((sum, value) => sum + value, 0) / pairs.length;
        if (best === undefined || average > best.average) best = { one, other, average };
      }
    if (best === undefined || !joins(best.average)) return groups.map((group) => group.sort((a, b) => a - b));
    (groups[best.one] as number[]).push(...(groups.splice(best.other, 1)[0] as number[]));
  }
};

describe('averageLinkage', () => {
  it('keeps C apart if A is B, B is C, and A is not C', () => {
    expect(groupsOf(matrix(3, [[0, 1, 1], [1, 2, 1]]), half)).toEqual([[0, 1], [2]]); // biome-ignore format: one line
  });

  it('joins all in spite of one pair that differs among four that agree', () => {
    const pairs = [[0, 1, 1], [0, 2, 1], [1, 2, 1], [1, 3, 1], [2, 3, 1]] as const; // biome-ignore format: one line
    expect(groupsOf(matrix(4, pairs), half)).toEqual([[0, 1, 2, 3]]);
  });

  it('joins the most alike first', () => {
    const pairs = [[0, 1, 0.8], [1, 2, 0.9], [0, 2, 0.1]] as const; // biome-ignore format: one line
    expect(groupsOf(matrix(3, pairs), half)).toEqual([[0], [1, 2]]);
  });

  it('never joins items that are kept apart, whatever the others say', () => {
    const never = Number.NEGATIVE_INFINITY;
    const pairs = [[0, 1, 1], [0, 2, 1], [1, 2, never], [0, 3, 1], [1, 3, 1], [2, 3, 1]] as const; // biome-ignore format: one line
    const groups = groupsOf(matrix(4, pairs), half);
    expect(groups.some((group) => group.includes(1) && group.includes(2))).toBe(false);
  });

  it('has no groups without items, and one of one item', () => {
    expect(groupsOf([], half)).toEqual([]);
    expect(groupsOf(matrix(1, []), half)).toEqual([[0]]);
  });

  it('does what its definition says, with any likenesses and their ties', () => {
    // Eighths and few of them, so that averages are exact and tie.
    const value = fc.constantFrom(0, 0.25, 0.5, 0.75, 1, Number.NEGATIVE_INFINITY);
    const likenesses = fc.integer({ min: 1, max: 4 }).chain((size) =>
      fc.array(value, { minLength: size * size, maxLength: size * size }).map((values) =>
        matrix(
          size,
          Array.from({ length: size }, (_, one) => one).flatMap((one) =>
            Array.from(
              { length: one },
              (_, other) => [one, other, values[one * size + other] as number] as const,
            ),
          ),
        ),
      ),
    );
    fc.assert(
      fc.property(likenesses, (likeness) => {
        expect(groupsOf(likeness, half)).toEqual(byDefinition(likeness, half));
      }),
    );
  });
});
