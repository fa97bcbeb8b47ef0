import fc from 'fast-check';
import { from, lastValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { confidenceWeighted, type Tally } from '../../../src/index.ts';
import { elect } from '../../../src/operators/operators.ts';
import { answered } from '../../outcomes.ts';

const tallyOf = (
  temperature: number,
  votes: readonly (readonly [answer: string, confidence: number | undefined])[],
): Promise<Tally<string>> =>
  lastValueFrom(
    from(votes.map(([answer, confidence], index) => answered(index, answer, confidence))).pipe(
      elect({ voter: confidenceWeighted({ temperature }) }),
    ),
  );

const votes = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.double({ min: 0, max: 1, noNaN: true })), {
  minLength: 1,
  maxLength: 8,
});

describe('confidenceWeighted', () => {
  it('weighs votes by the softmax of their confidences, as CISC does', async () => {
    await fc.assert(
      fc.asyncProperty(votes, fc.constantFrom(0.1, 0.5, 1, 10), async (cast, temperature) => {
        const total = cast.reduce((sum, [, confidence]) => sum + Math.exp(confidence / temperature), 0);
        const shares = new Map<string, number>();
        for (const [answer, confidence] of cast) {
          const share = Math.exp(confidence / temperature) / total;
          shares.set(answer, (shares.get(answer) ?? 0) + share);
        }
        const { leader, consensus } = await tallyOf(temperature, cast);
        const most = Math.max(...shares.values());
        expect(shares.get(leader ?? '')).toBeCloseTo(most, 4);
        expect(consensus).toBeCloseTo(most, 4);
      }),
    );
  });

  it('goes from the most confident vote to a count of heads as the temperature rises', async () => {
    const cast = [
      ['a', 0.5],
      ['a', 0.5],
      ['b', 0.9],
    ] as const;
    expect((await tallyOf(0.1, cast)).leader).toBe('b');
    expect((await tallyOf(10, cast)).leader).toBe('a');
  });

  it('gives a vote without a confidence the weight 1', async () => {
    expect((await tallyOf(1, [['a', undefined]])).votes).toStrictEqual({ a: 1 });
  });

  it('refuses a temperature that is none', () => {
    expect(() => confidenceWeighted({ temperature: 0 })).toThrow(
      '"temperature" must be a number from 0.05 to 1000',
    );
  });
});
