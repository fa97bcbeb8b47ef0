import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hedgeDelay } from '../../../../src/strategies/execution/hedging/hedge-delay.ts';
import { latencyHistogram } from '../../../../src/strategies/execution/hedging/latency-histogram.ts';

describe('what a histogram and a delay have noted', () => {
  const calls = fc.array(fc.tuple(fc.double({ min: 1, max: 1e5, noNaN: true }), fc.boolean()), {
    maxLength: 50,
  });

  it('is put back whole, whatever comes between', () => {
    fc.assert(
      fc.property(calls, calls, (before, between) => {
        const [kept, other] = [latencyHistogram(20), latencyHistogram(20)];
        for (const [latencyMs, wasGivenUp] of before) {
          kept.add(latencyMs, wasGivenUp);
          other.add(latencyMs, wasGivenUp);
        }
        const putBack = kept.snapshot();
        for (const [latencyMs, wasGivenUp] of between) kept.add(latencyMs, wasGivenUp);
        putBack();
        for (const histogram of [kept, other]) histogram.add(77);
        expect([kept.completed(), kept.percentileMs(50), kept.percentileMs(95)]).toStrictEqual([
          other.completed(),
          other.percentileMs(50),
          other.percentileMs(95),
        ]);
      }),
    );
  });

  it('is put back for models that were not known then, too', () => {
    const delay = hedgeDelay({ hedgeDelayMs: 1000, delay: { warmUpCalls: 1 } });
    delay.learn?.('a', 100, false);
    const [putBack, wasMs] = [delay.snapshot(), delay.msFor('a')];
    delay.learn?.('a', 9000, false);
    delay.learn?.('b', 50, false);
    putBack();
    expect([delay.msFor('a'), delay.msFor('b')]).toStrictEqual([wasMs, 1000]);
  });
});
