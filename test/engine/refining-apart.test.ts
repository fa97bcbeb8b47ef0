import { of } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Grouping } from '../../src/domain/grouping.ts';
import type { Vote } from '../../src/domain/outcome.ts';
import { createEnsemble, defineModel } from '../../src/index.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});

afterEach(() => {
  vi.useRealTimers();
});

/** Lets everything happen that only waits for promises. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Predicts by so many models, whose answers are refined to one group. Keeps what happened. */
const refining = (count: number, events: string[]): void => {
  const grouping: Grouping<Vote[]> = {
    name: 'one group',
    init: () => [],
    add: (votes, vote) => [...votes, vote],
    groups: (votes) => votes.map((vote) => [vote]),
    refine(votes) {
      events.push('refines');
      return of([votes]);
    },
  };
  const models = Array.from({ length: count }, (_, index) =>
    defineModel(`model-${index}`, () => `answer ${index}`),
  );
  createEnsemble({ models, grouping })
    .predict('?')
    .then(({ metadata }) => events.push(`${Object.keys(metadata.votes).length} group`));
};

describe('a refinement', () => {
  it('of many votes runs in a turn of its own, between counting before and after it', async () => {
    const events: string[] = [];
    refining(101, events);
    await settle();
    expect(events).toStrictEqual([]);
    vi.advanceTimersToNextTimer();
    await settle();
    expect(events).toStrictEqual(['refines']);
    while (vi.getTimerCount() > 0) vi.advanceTimersToNextTimer();
    await settle();
    expect(events).toStrictEqual(['refines', '1 group']);
  });

  it('of few votes waits for no timer', async () => {
    const events: string[] = [];
    refining(100, events);
    await settle();
    expect(events).toStrictEqual(['refines', '1 group']);
  });
});
