import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Grouping } from '../../src/domain/grouping.ts';
import { byContent, bySimilarity, byTolerance } from '../../src/grouping/grouping.ts';
import { grouped } from './grouped.ts';

const word = fc.constantFrom(
  ...`Marco Velli Danti Orlin painted it in 1502 1512 not the chapel mini-game minigame ESA European Space Agency May 3 4 km miles
  5 twenty-one 21 north south Henry VIII Eighth .`.split(/\s+/),
);
const prose = fc.array(word, { maxLength: 9 }).map((words) => words.join(' '));
const number = fc.integer({ min: 0, max: 20 }).map((tenths) => `${tenths / 10} m`);

const cases: readonly (readonly [Grouping, fc.Arbitrary<string>])[] = [
  [byContent(), prose],
  [bySimilarity({ threshold: 0.6 }), prose],
  [byTolerance(0.3), number],
];

describe.each(cases.map(([grouping, answers]) => [grouping.name, grouping, answers] as const))(
  '%s',
  (_name, grouping, answers) => {
    it('makes the same groups in every order of arrival', () => {
      const panels = fc
        .array(answers, { minLength: 1, maxLength: 8 })
        .chain((panel) =>
          fc.tuple(fc.constant(panel), fc.shuffledSubarray([...panel.keys()], { minLength: panel.length })),
        );
      fc.assert(
        fc.property(panels, ([panel, arrival]) => {
          const inOrder = grouped(grouping, 'Who painted the chapel?', panel);
          expect(grouped(grouping, 'Who painted the chapel?', panel, arrival)).toEqual(inOrder);
          expect(inOrder.flat()).toHaveLength(panel.length);
        }),
        { numRuns: 400 },
      );
    });
  },
);
