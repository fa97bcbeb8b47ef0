import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Vote } from '../../../src/domain/outcome.ts';
import { byWeight, Poll } from '../../../src/strategies/voting/poll.ts';

describe('a poll', () => {
  it('counts few and many different answers as a Map does, in the order of their first votes', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 24 }), { minLength: 1, maxLength: 120 }), (said) => {
        const poll = new Poll(byWeight);
        const counts = new Map<string, number>();
        for (const [index, answer] of said.entries()) {
          const key = `answer ${answer}`;
          counts.set(key, (counts.get(key) ?? 0) + 1);
          poll.add({ key, answer: key, index } as unknown as Vote, 1);
          expect(poll.lead).toBe(Math.max(...counts.values()));
        }
        expect(Object.entries(poll.votes)).toStrictEqual([...counts]);
        expect(poll.weights).toStrictEqual([...counts.values()]);
        expect(poll.answers).toBe(counts.size);
      }),
    );
  });
});
