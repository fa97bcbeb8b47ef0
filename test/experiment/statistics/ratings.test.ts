import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  cohenKappa,
  fleissKappa,
  intraclassCorrelation,
  krippendorffAlpha,
} from '../../../src/experiment/experiment.ts';

const _ = undefined;

/** Rows of items from columns of raters. */
const transposed = <Value>(columns: readonly (readonly Value[])[]): Value[][] =>
  (columns[0] ?? []).map((_each, item) => columns.map((column) => column[item] as Value));

const raters = fc.integer({ min: 1, max: 5 });
const grade = fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined });
const ratings = raters.chain((count) =>
  fc.array(fc.array(grade, { minLength: count, maxLength: count }), { maxLength: 25 }),
);

describe("Krippendorff's alpha", () => {
  // K. Krippendorff, "Computing Krippendorff's alpha-reliability" (2011), section C and E: four observers, missing data.
  const fourObservers = transposed([
    [1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3],
    [_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _],
  ]);

  test.each([
    ['nominal', 0.743],
    ['ordinal', 0.815],
    ['interval', 0.849],
  ] as const)('is that of Krippendorff (2011) for four observers and %s data', (level, alpha) => {
    expect(krippendorffAlpha(fourObservers, { level })).toBeCloseTo(alpha, 3);
  });

  test('is that of Krippendorff (2011) for binary and for nominal data of two observers', () => {
    const binary = transposed([
      [0, 1, 0, 0, 0, 0, 0, 0, 1, 0],
      [1, 1, 1, 0, 0, 1, 0, 0, 0, 0],
    ]);
    expect(krippendorffAlpha(binary)).toBeCloseTo(0.095, 3);
    const nominal = transposed([[...'aabbdcccedda'], [...'babbbccceddd']]);
    expect(krippendorffAlpha(nominal)).toBeCloseTo(0.692, 3);
  });

  /** The definition: mean distances of all pairs within items, and of all pairs at all. */
  const byDefinition = (rows: readonly (readonly (number | undefined)[])[], level: string): number => {
    const units = rows
      .map((row) => row.filter((value) => value !== undefined))
      .filter(({ length }) => length > 1);
    const all = units.flat();
    const distance = (a: number, b: number): number => {
      if (level === 'nominal') return a === b ? 0 : 1;
      if (level === 'interval') return (a - b) ** 2;
      const [low, high] = [Math.min(a, b), Math.max(a, b)];
      const between = all.filter((value) => value >= low && value <= high).length;
      const ends = all.filter((value) => value === a).length + all.filter((value) => value === b).length;
      return a === b ? 0 : (between - ends / 2) ** 2;
    };
    const pairs = (values: readonly number[]): number =>
      values.reduce((sum, a) => sum + values.reduce((inner, b) => inner + distance(a, b), 0), 0);
    const observed = units.reduce((sum, unit) => sum + pairs(unit) / (unit.length - 1), 0) / all.length;
    return 1 - observed / (pairs(all) / (all.length * (all.length - 1)));
  };

  test.each(['nominal', 'ordinal', 'interval'] as const)(
    'is what its definition gives, over all pairs of %s ratings',
    (level) => {
      fc.assert(
        fc.property(ratings, (rows) => {
          const alpha = krippendorffAlpha(rows, { level });
          const defined = byDefinition(rows, level);
          if (alpha === undefined) expect(defined).toBeNaN();
          else expect(alpha).toBeCloseTo(defined, 9);
        }),
      );
    },
  );

  test('depends neither on the order of items nor on that of raters', () => {
    fc.assert(
      fc.property(ratings, (rows) => {
        const options = { level: 'ordinal' } as const;
        const turned = rows.toReversed().map((row) => row.toReversed());
        const [one, other] = [krippendorffAlpha(rows, options), krippendorffAlpha(turned, options)];
        if (one === undefined) expect(other).toBeUndefined();
        else expect(other).toBeCloseTo(one, 9);
      }),
    );
  });

  test('is not known without two ratings of an item, or if all ratings are equal', () => {
    for (const rows of [
      [],
      [[]],
      [[1, _, _]],
      [
        [1, _],
        [_, 2],
      ],
      [
        [3, 3],
        [3, 3],
      ],
    ])
      expect(krippendorffAlpha(rows)).toBeUndefined();
  });

  test('is at most 0 for a rater that always says the same, beside one that does not', () => {
    expect(
      krippendorffAlpha([
        [1, 3],
        [2, 3],
        [3, 3],
      ]),
    ).toBeLessThanOrEqual(0);
  });
});

describe("Fleiss' kappa", () => {
  /** Ratings from the number of raters that chose each category. */
  const rowsOf = (counts: readonly (readonly number[])[]): string[][] =>
    counts.map((item) =>
      item.flatMap((count, category) => Array.from({ length: count }, () => `category ${category}`)),
    );

  test('is that of Fleiss (1971): 30 patients, 6 psychiatrists, 5 diagnoses', () => {
    const diagnoses = [
      ...['00060', '03003', '01401', '00006', '03030', '20400', '00402', '20310', '20040', '00006'],
      ...['10050', '11040', '03300', '10050', '02031', '00501', '30012', '51000', '02040', '10203'],
      ...['00006', '01050', '02013', '20040', '10041', '05010', '40002', '02040', '10500', '00006'],
    ].map((digits) => [...digits].map(Number));
    expect(diagnoses.reduce((sum, [depression = 0]) => sum + depression, 0)).toBe(26);
    expect(fleissKappa(rowsOf(diagnoses))).toBeCloseTo(0.43, 3);
  });

  test('is 0.210 for the worked example of Wikipedia: 10 subjects, 14 raters, 5 categories', () => {
    const counts = [
      [0, 0, 0, 0, 14],
      [0, 2, 6, 4, 2],
      [0, 0, 3, 5, 6],
      [0, 3, 9, 2, 0],
      [2, 2, 8, 1, 1],
      [7, 7, 0, 0, 0],
      [3, 2, 6, 3, 0],
      [2, 5, 3, 2, 2],
      [6, 5, 2, 1, 0],
      [0, 2, 2, 3, 7],
    ];
    expect(fleissKappa(rowsOf(counts))).toBeCloseTo(0.21, 3);
  });

  test('is near the alpha of complete ratings, which corrects for a small sample', () => {
    fc.assert(
      fc.property(ratings, (rows) => {
        const complete = rows.filter((row) => row.every((value) => value !== undefined));
        const n = complete.flat().length;
        const [kappa, alpha] = [fleissKappa(rows), krippendorffAlpha(complete)];
        if (kappa === undefined || alpha === undefined) expect(kappa).toBe(alpha);
        // A. F. Hayes and K. Krippendorff (2007): 1 − α is 1 − κ, by (n − 1) / n.
        else expect(1 - alpha).toBeCloseTo(((1 - kappa) * (n - 1)) / n, 9);
      }),
    );
  });

  test('leaves out items with a missing rating, and is not known for one rater, no item, or equal ratings', () => {
    expect(
      fleissKappa([
        ['a', 'a'],
        ['b', 'b'],
        ['a', _],
      ]),
    ).toBe(1);
    for (const rows of [
      [],
      [['a'], ['b']],
      [['a', _]],
      [
        ['a', 'a'],
        ['a', 'a'],
      ],
    ])
      expect(fleissKappa(rows)).toBeUndefined();
  });
});

describe("Cohen's kappa", () => {
  /** Pairs of ratings from a table of counts: rows of the first rater, columns of the second. */
  const pairsOf = (table: readonly (readonly number[])[]): [number, number][] =>
    table.flatMap((row, first) =>
      row.flatMap((count, second) =>
        Array.from({ length: count }, (): [number, number] => [first + 1, second + 1]),
      ),
    );

  test('is 0.40 for the worked example of Wikipedia: 50 grant proposals, two readers', () => {
    expect(
      cohenKappa(
        pairsOf([
          [20, 5],
          [10, 15],
        ]),
      ),
    ).toBeCloseTo(0.4, 9);
  });

  test('is that of the R package vcd for Hout, Duncan and Sobel (1987), also with linear weights', () => {
    const couples = pairsOf([
      [7, 7, 2, 3],
      [2, 8, 3, 7],
      [1, 5, 4, 9],
      [2, 8, 9, 14],
    ]);
    expect(cohenKappa(couples)).toBeCloseTo(0.1293, 4);
    expect(cohenKappa(couples, { weights: 'linear' })).toBeCloseTo(0.2374, 4);
  });

  test('with quadratic weights is the intraclass correlation of many items (Fleiss and Cohen, 1973)', () => {
    const pairs = Array.from({ length: 20_000 }, (_each, n): [number, number] => [
      1 + (n % 5),
      1 + (((n % 5) + Number(n % 3 === 0)) % 5),
    ]);
    const kappa = cohenKappa(pairs, { weights: 'quadratic' });
    expect(intraclassCorrelation(pairs)).toBeCloseTo(kappa ?? 0, 3);
  });

  test('is what its table of proportions gives, with all weights', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(grade, grade), { maxLength: 30 }),
        fc.constantFrom('none', 'linear', 'quadratic'),
        (pairs, weights) => {
          const rated = pairs.filter((pair) => pair.every((value) => value !== undefined));
          const costs = { none: 0, linear: 1, quadratic: 2 };
          const cost = (i: number, j: number): number => (i === j ? 0 : Math.abs(i - j) ** costs[weights]);
          const share = (test: (pair: readonly (number | undefined)[]) => boolean): number =>
            rated.filter(test).length / rated.length;
          let [observed, expected] = [0, 0];
          for (let i = 1; i <= 5; i += 1)
            for (let j = 1; j <= 5; j += 1) {
              observed += cost(i, j) * share(([a, b]) => a === i && b === j);
              expected += cost(i, j) * share(([a]) => a === i) * share(([, b]) => b === j);
            }
          const kappa = cohenKappa(pairs, { weights });
          if (kappa === undefined) expect(rated.length === 0 || expected === 0).toBe(true);
          else expect(kappa).toBeCloseTo(1 - observed / expected, 9);
        },
      ),
    );
  });

  test('is 0 beside a constant rater, and not known beside two of them that agree', () => {
    expect(
      cohenKappa([
        [1, 3],
        [2, 3],
        [3, 3],
      ]),
    ).toBe(0);
    expect(
      cohenKappa([
        [3, 3],
        [3, 3],
      ]),
    ).toBeUndefined();
    expect(
      cohenKappa([
        [2, 3],
        [2, 3],
      ]),
    ).toBe(0);
    expect(
      cohenKappa([
        [1, _],
        [null, 2],
      ]),
    ).toBeUndefined();
  });
});

describe('the intraclass correlation', () => {
  // P. E. Shrout and J. L. Fleiss, Psychological Bulletin 86 (1979), tables 2 and 4.
  const shroutAndFleiss = [
    [9, 2, 5, 8],
    [6, 1, 3, 2],
    [8, 4, 6, 8],
    [7, 1, 2, 6],
    [10, 5, 6, 9],
    [6, 2, 4, 7],
  ];

  test.each([
    ['oneWay', 'single', 0.17],
    ['agreement', 'single', 0.29],
    ['consistency', 'single', 0.71],
    ['oneWay', 'mean', 0.44],
    ['agreement', 'mean', 0.62],
    ['consistency', 'mean', 0.91],
  ] as const)('of Shrout and Fleiss (1979): %s, %s, is %d', (kind, of, expected) => {
    expect(intraclassCorrelation(shroutAndFleiss, { kind, of })).toBeCloseTo(expected, 2);
  });

  test('is what the sums over pairs of raters give', () => {
    // The consistency is the mean covariance of two raters, over the mean variance of one.
    const covariance = (a: readonly number[], b: readonly number[]): number => {
      const mean = (values: readonly number[]): number =>
        values.reduce((sum, value) => sum + value, 0) / values.length;
      const products = a.map((value, index) => (value - mean(a)) * ((b[index] as number) - mean(b)));
      return products.reduce((sum, product) => sum + product, 0) / (a.length - 1);
    };
    const rows = fc.integer({ min: 2, max: 4 }).chain((count) =>
      fc.array(fc.array(fc.integer({ min: 0, max: 10 }), { minLength: count, maxLength: count }), {
        minLength: 2,
        maxLength: 12,
      }),
    );
    fc.assert(
      fc.property(rows, (items) => {
        const columns = transposed(items);
        const k = columns.length;
        const pairs = columns.flatMap((a, i) =>
          columns.flatMap((b, j) => (i === j ? [] : [covariance(a, b)])),
        );
        const between = pairs.reduce((sum, value) => sum + value, 0) / (k * (k - 1));
        const variance = columns.reduce((sum, column) => sum + covariance(column, column), 0) / k;
        const icc = intraclassCorrelation(items, { kind: 'consistency' });
        if (variance > 0) expect(icc).toBeCloseTo(between / variance, 9);
      }),
    );
  });

  test('tells severity from disorder', () => {
    const severe = [
      [5, 3],
      [4, 2],
      [3, 1],
    ];
    expect(intraclassCorrelation(severe, { kind: 'consistency' })).toBe(1);
    expect(intraclassCorrelation(severe)).toBeLessThan(0.5);
  });

  test('is not known for one rater, one item, equal grades, or missing ones', () => {
    for (const rows of [
      [],
      [[1], [2]],
      [[1, 2]],
      [
        [3, 3],
        [3, 3],
      ],
      [
        [1, _],
        [_, 2],
      ],
    ])
      expect(intraclassCorrelation(rows)).toBeUndefined();
  });

  test('is 0 with a rater that is constant beside one that is not', () => {
    expect(
      intraclassCorrelation(
        [
          [1, 3],
          [3, 3],
          [5, 3],
        ],
        { kind: 'consistency' },
      ),
    ).toBe(0);
  });
});

describe('ratings', () => {
  test.each([
    ['a boolean', [[true, false]], /must be a number, a text, or undefined/],
    ['a row that is none', ['aa'], /expected an array of ratings/],
    ['NaN', [[Number.NaN, 1]], /must be a number, a text/],
  ])('that have %s are refused', (_case, rows, message) => {
    expect(() => krippendorffAlpha(rows as never)).toThrow(message);
  });

  test('that are texts are refused if numbers are needed', () => {
    expect(() => krippendorffAlpha([['a', 'b']], { level: 'ordinal' })).toThrow(/must be a finite number/);
    expect(() => cohenKappa([['a', 'b']], { weights: 'linear' })).toThrow(/must be a finite number/);
    expect(() => intraclassCorrelation([['a', 'b']] as never)).toThrow(/must be a finite number/);
  });
});
