import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bradleyTerry, type PairResult, type Strength } from '../../../src/experiment/experiment.ts';

const won = (first: string, second: string, times: number): PairResult[] =>
  Array.from({ length: times }, () => ({ first, second, winner: 'first' }));

/** Strengths as differences to that of one competitor. */
const against = (strengths: readonly Strength[], base: string): Record<string, number> => {
  const zero = strengths.find(({ name }) => name === base)?.strength?.value ?? Number.NaN;
  return Object.fromEntries(
    strengths.map(({ name, strength }) => [name, (strength?.value ?? Number.NaN) - zero]),
  );
};

describe('Bradley and Terry', () => {
  test('are those of Agresti, Categorical Data Analysis, for the American League of 1987', () => {
    const teams = ['Milwaukee', 'Detroit', 'Toronto', 'New York', 'Boston', 'Cleveland', 'Baltimore'];
    const wins = [
      [0, 7, 9, 7, 7, 9, 11],
      [6, 0, 7, 5, 11, 9, 9],
      [4, 6, 0, 7, 7, 8, 12],
      [6, 8, 6, 0, 6, 7, 10],
      [6, 2, 6, 7, 0, 7, 12],
      [4, 4, 5, 6, 6, 0, 6],
      [2, 4, 1, 3, 1, 7, 0],
    ];
    const games = wins.flatMap((row, i) =>
      row.flatMap((times, j) => won(teams[i] as string, teams[j] as string, times)),
    );
    const strengths = bradleyTerry(games);
    expect(strengths.map(({ name }) => name)).toEqual(teams);
    const differences = against(strengths, 'Baltimore');
    const published = [1.5814, 1.4364, 1.2945, 1.2476, 1.1077, 0.6839, 0];
    teams.forEach((team, place) => {
      expect(differences[team]).toBeCloseTo(published[place] as number, 3);
    });
  });

  test('are those of Stigler (1994) for citations among journals of statistics, with their errors', () => {
    const strengths = bradleyTerry([
      ...won('Biometrika', 'Comm Statist', 730),
      ...won('Comm Statist', 'Biometrika', 33),
      ...won('Biometrika', 'JASA', 498),
      ...won('JASA', 'Biometrika', 320),
      ...won('Biometrika', 'JRSS-B', 221),
      ...won('JRSS-B', 'Biometrika', 284),
      ...won('Comm Statist', 'JASA', 68),
      ...won('JASA', 'Comm Statist', 813),
      ...won('Comm Statist', 'JRSS-B', 17),
      ...won('JRSS-B', 'Comm Statist', 276),
      ...won('JASA', 'JRSS-B', 142),
      ...won('JRSS-B', 'JASA', 325),
    ]);
    const differences = against(strengths, 'Biometrika');
    expect(differences['Comm Statist']).toBeCloseTo(-2.9491, 4);
    expect(differences.JASA).toBeCloseTo(-0.4796, 4);
    expect(differences['JRSS-B']).toBeCloseTo(0.269, 4);
  });

  test('have the interval of a logit for two competitors', () => {
    const [best] = bradleyTerry([...won('a', 'b', 30), ...won('b', 'a', 10)]);
    const { value = 0, low = 0, high = 0 } = best?.strength ?? {};
    // The log odds have the standard error √(1/30 + 1/10), and a strength is half of their difference.
    expect(2 * value).toBeCloseTo(Math.log(3), 9);
    expect(high - value).toBeCloseTo((1.959964 * Math.sqrt(1 / 30 + 1 / 10)) / 2, 6);
    expect(value - low).toBeCloseTo(high - value, 9);
  });

  const games = fc.array(
    fc
      .record({
        first: fc.constantFrom('a', 'b', 'c', 'd'),
        second: fc.constantFrom('a', 'b', 'c', 'd'),
        winner: fc.constantFrom('first' as const, 'second' as const, 'tie' as const),
      })
      .filter(({ first, second }) => first !== second),
    { maxLength: 60 },
  );

  /** Another solver: minorization and maximization, D. R. Hunter, Annals of Statistics 32 (2004). */
  const byMinorization = (results: readonly PairResult[]): Map<string, number> => {
    const names = [...new Set(results.flatMap(({ first, second }) => [first, second]))];
    const points = { first: 1, second: 0, tie: 0.5 };
    let worth = new Map(names.map((name) => [name, 1]));
    for (let round = 0; round < 5000; round += 1) {
      const next = names.map((name): [string, number] => {
        let [wins, rest] = [0, 0];
        for (const { first, second, winner } of results) {
          if (first !== name && second !== name) continue;
          wins += first === name ? points[winner] : 1 - points[winner];
          rest += 1 / ((worth.get(first) ?? 1) + (worth.get(second) ?? 1));
        }
        return [name, wins / rest];
      });
      const scale = next.reduce((sum, [, value]) => sum + Math.log(value), 0) / next.length;
      worth = new Map(next.map(([name, value]) => [name, value / Math.exp(scale)]));
    }
    return new Map([...worth].map(([name, value]) => [name, Math.log(value)]));
  };

  /** Whether each group of competitors has won against the others, as Ford (1957) has it. */
  const hasMaximum = (results: readonly PairResult[]): boolean => {
    const names = [...new Set(results.flatMap(({ first, second }) => [first, second]))];
    return Array.from({ length: 2 ** names.length }, (_each, bits) =>
      names.filter((_name, place) => Math.floor(bits / 2 ** place) % 2 === 1),
    )
      .filter(({ length }) => length > 0 && length < names.length)
      .every((group) =>
        results.some(
          ({ first, second, winner }) =>
            group.includes(first) !== group.includes(second) &&
            (winner === 'tie' || group.includes(winner === 'first' ? first : second)),
        ),
      );
  };

  test('are what another solver finds, ties included, and known if the likelihood has a maximum', () => {
    let compared = 0;
    fc.assert(
      fc.property(games, (results) => {
        const strengths = bradleyTerry(results);
        for (const { strength } of strengths) expect(strength !== undefined).toBe(hasMaximum(results));
        if (strengths.length === 0 || strengths[0]?.strength === undefined) return;
        compared += 1;
        const other = byMinorization(results);
        // Slow if it is nearly undetermined, where its own strengths still grow.
        if (Math.max(...other.values()) > 4) return;
        for (const { name, strength } of strengths)
          expect(strength?.value).toBeCloseTo(other.get(name) as number, 3);
      }),
      { numRuns: 60 },
    );
    expect(compared).toBeGreaterThan(10);
  });

  test('are the same in any order of the comparisons, and if the competitors of each change places', () => {
    const opposite = { first: 'second', second: 'first', tie: 'tie' } as const;
    fc.assert(
      fc.property(games, (results) => {
        const turned = results
          .toReversed()
          .map(({ first, second, winner }) => ({ first: second, second: first, winner: opposite[winner] }));
        const of = (list: readonly PairResult[]) =>
          Object.fromEntries(bradleyTerry(list).map(({ name, ...rest }) => [name, rest]));
        const [one, other] = [of(results), of(turned)];
        for (const [name, { strength, wins, comparisons }] of Object.entries(one)) {
          expect(other[name]).toMatchObject({ wins, comparisons });
          if (strength === undefined) expect(other[name]?.strength).toBeUndefined();
          else expect(other[name]?.strength?.high).toBeCloseTo(strength.high, 6);
        }
      }),
    );
  });

  test('are not known if a competitor has only won, or if two groups never met, but with a prior they are', () => {
    for (const results of [
      won('a', 'b', 5),
      [...won('a', 'b', 1), ...won('b', 'a', 1), ...won('c', 'd', 1), ...won('d', 'c', 1)],
      [...won('a', 'b', 2), ...won('b', 'a', 2), ...won('a', 'c', 1), ...won('b', 'c', 3)],
    ]) {
      expect(bradleyTerry(results).every(({ strength }) => strength === undefined)).toBe(true);
      const strengths = bradleyTerry(results, { prior: 0.5 });
      for (const { strength } of strengths) expect(strength?.high).toBeLessThan(20);
      expect(strengths.reduce((sum, { strength }) => sum + (strength?.value ?? 0), 0)).toBeCloseTo(0, 9);
    }
  });

  test('with a prior are those of the comparisons with a competitor that always stands in the middle', () => {
    const results = [...won('a', 'b', 9), ...won('b', 'a', 1)];
    const [best] = bradleyTerry(results, { prior: 2 });
    // By symmetry the strengths are ±s, and 10 σ(2s) + 2 σ(s) = 9 + 1.
    const s = best?.strength?.value ?? 0;
    const logistic = (x: number): number => 1 / (1 + Math.exp(-x));
    expect(10 * logistic(2 * s) + 2 * logistic(s)).toBeCloseTo(10, 9);
  });

  test('of none are none, and invalid comparisons are refused', () => {
    expect(bradleyTerry([])).toEqual([]);
    for (const result of [
      { first: 'a', second: 'a', winner: 'first' },
      { first: 'a', second: 'b' },
      'a > b',
      null,
    ])
      expect(() => bradleyTerry([result as never])).toThrow(/with two different names/);
    expect(() => bradleyTerry([], { prior: -1 })).toThrow(/at least 0/);
  });
});
