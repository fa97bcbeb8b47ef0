import { expect, test } from 'vitest';
import type { Outcome } from '../../src/domain/outcome.ts';
import { nearestMissIn } from '../../src/engine/nearest-miss.ts';

const abstained = (model: string, passed: number, response: object = { text: model }): Outcome =>
  ({ status: 'abstained', model, passed, reason: 'too short', response }) as unknown as Outcome;

test('finds the abstention that passed most, the first of equal ones', () => {
  const outcomes = [abstained('a', 0.2), abstained('b', 0.5), abstained('c', 0.5)];
  expect(nearestMissIn(outcomes)).toStrictEqual({ model: 'b', text: 'b', reason: 'too short', passed: 0.5 });
});

test('finds none if a response throws when it is read again', () => {
  const hostile = {
    get text(): string {
      throw new Error('4');
    },
  };
  expect(nearestMissIn([abstained('a', 0.2), abstained('b', 0.5, hostile)])).toBeUndefined();
});
