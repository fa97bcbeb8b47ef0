import { describe, expect, it } from 'vitest';
import { askedAtOnce, defaultFaults, keptOf } from '../../bench/recorded-answers/defaults.ts';
import type { Recording } from '../../bench/recorded-answers/evaluate.ts';
import { boolean } from '../../src/index.ts';

/** Two models: one answers at once, the other after 4, 20, 59 and 61 seconds. */
const recording: Recording = {
  name: 'made up',
  normalization: boolean,
  reference: { n: 4, single: {}, plurality: 0 },
  questions: [4000, 20_000, 59_000, 61_000].map((latencyMs, index) => ({
    id: `${index}`,
    question: '?',
    expected: 'yes',
    responses: [
      { model: 'quick', text: '[Yes]', latencyMs: 10 },
      { model: 'slow', text: '[Yes]', latencyMs },
    ],
  })),
};

describe('the defaults on recorded answers', () => {
  it('lose no call that would have been answered within a minute', () => {
    const kept = keptOf(recording);
    expect(kept).toMatchObject({ questions: 4, calls: 8, lost: 1, lostInTime: 0, unanswered: 0 });
    expect(defaultFaults('made up', kept, askedAtOnce(1, 1))).toStrictEqual([]);
  });

  it('are said to lose some if the time limit is shorter', () => {
    const kept = keptOf(recording, 5000);
    expect(kept).toMatchObject({ lost: 3, lostInTime: 2 });
    expect(defaultFaults('made up', kept, askedAtOnce(1, 1))).toStrictEqual([
      'made up: 2 calls that answer within 60 s were lost by default',
    ]);
  });

  it('answer all questions of a queue, however long it is', () => {
    expect(askedAtOnce(50, 300, { concurrency: 1 })).toStrictEqual({
      asked: 50,
      answered: 50,
      tookMs: 15_000,
    });
    const late = askedAtOnce(50, 300, { concurrency: 1, deadlineMs: 1000 });
    expect(late.answered).toBe(3);
    expect(defaultFaults('made up', keptOf(recording), late)).toStrictEqual([
      'of 50 questions in a queue, 47 were lost',
    ]);
  });
});
