import { NEVER, of, Subscriber, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { createEnsemble, type EnsembleOptions, type Model, ProviderError } from '../../src/index.ts';
import { budget, circuitBreaker, concurrency, fallback, spendingCap } from '../../src/policies/policies.ts';

const pricing = { priceOf: () => ({ usd: 0.4 }), countTokens: (text: string) => text.length };

/** Asks once, aborted by a listener at the start of an attempt; then once more, in peace. */
const abortedAt = async (attempt: number, options: EnsembleOptions) => {
  const ensemble = createEnsemble(options);
  const controller = new AbortController();
  const listening = ensemble.events$.subscribe((event) => {
    if (event.type === 'model:start' && event.attempt === attempt) controller.abort();
  });
  await expect(ensemble.predict('?', { signal: controller.signal })).rejects.toThrow('cancelled');
  listening.unsubscribe();
  return ensemble;
};

describe('a listener that aborts the attempt it is told of', () => {
  it('has nothing sent', async () => {
    let asked = 0;
    const model: Model = {
      id: 'a',
      call: () => {
        asked += 1;
        return NEVER;
      },
    };
    await abortedAt(1, { models: [model] });
    expect(asked).toBe(0);
  });

  it('leaves the place in a line', async () => {
    const models: Model[] = [{ id: 'a', call: () => of({ text: '4' }) }];
    const ensemble = await abortedAt(1, { models, concurrency: 1 });
    expect((await ensemble.predict('?', { timeoutMs: 50 })).answer).toBe('4');
  });

  it('leaves the place in a line at a second attempt', async () => {
    let asked = 0;
    const models: Model[] = [
      {
        id: 'a',
        call: () =>
          asked++ === 0
            ? throwError(() => new ProviderError('a', 'down', { isRetryable: true }))
            : of({ text: '4' }),
      },
    ];
    const ensemble = await abortedAt(2, { models, concurrency: 1, retry: { baseDelayMs: 0 } });
    expect(asked).toBe(1);
    expect((await ensemble.predict('?', { timeoutMs: 50 })).answer).toBe('4');
  });

  it('leaves no money reserved', async () => {
    const models: Model[] = [{ id: 'a', call: () => of({ text: '4' }) }];
    const cap = spendingCap({ maxUsd: 1 });
    await abortedAt(1, { models, pricing, budget: { caps: [cap], maxOutputTokens: 10 } });
    expect([cap.reservedUsd(), cap.spentUsd()]).toStrictEqual([0, 0]);
  });

  it('leaves the probe of a circuit to the next call', async () => {
    let asked = 0;
    const failing = (id: string): Model => ({
      id,
      call: () => throwError(() => new ProviderError(id, 'down')),
    });
    const model: Model = {
      id: 'b',
      call: () => {
        asked += 1;
        return asked === 1 ? throwError(() => new ProviderError('b', 'down')) : of({ text: '4' });
      },
    };
    const broken = circuitBreaker({ minimumCalls: 1, breakMs: 0 })(model);
    const models = [fallback('either', [failing('a'), broken])];
    await createEnsemble({ models })
      .predict('?')
      .catch(() => {});
    const ensemble = await abortedAt(2, { models });
    expect(asked).toBe(1);
    expect((await ensemble.predict('?')).answer).toBe('4');
  });

  it('has given up an attempt that costs nothing', async () => {
    const model: Model = { id: 'a', call: () => NEVER };
    const ensemble = createEnsemble({ models: [model], pricing });
    const controller = new AbortController();
    ensemble.events$.subscribe(({ type }) => {
      if (type === 'model:start') controller.abort();
    });
    const given = ensemble.predict('?', { signal: controller.signal });
    await expect(given).rejects.toMatchObject({ outcomes: [{ status: 'cancelled', costUsd: 0 }] });
  });
});

describe('who has left before a call begins', () => {
  const model: Model = { id: 'a', call: () => of({ text: '4' }) };
  const request = { prompt: '?', messages: [{ role: 'user', content: '?' }] } as const;
  const askAndLeave = (asked: Model) => {
    const gone = new Subscriber();
    gone.unsubscribe();
    asked.call(request).subscribe(gone);
  };

  it('holds no place in a line', async () => {
    const limited = concurrency({ maxConcurrent: 1 })(model);
    askAndLeave(limited);
    expect((await createEnsemble({ models: [limited], timeoutMs: 50 }).predict('?')).answer).toBe('4');
  });

  it('holds no money', () => {
    const cap = spendingCap({ maxUsd: 1 });
    askAndLeave(budget({ caps: [cap], maxOutputTokens: 10, pricing })(model));
    expect([cap.reservedUsd(), cap.spentUsd()]).toStrictEqual([0, 0]);
  });

  it('is no probe of a circuit', async () => {
    let isUp = false;
    const flaky: Model = {
      id: 'a',
      call: () => (isUp ? of({ text: '4' }) : throwError(() => new Error('down'))),
    };
    const broken = circuitBreaker({ minimumCalls: 1, breakMs: 0 })(flaky);
    const ensemble = createEnsemble({ models: [broken] });
    await expect(ensemble.predict('?')).rejects.toThrow();
    isUp = true;
    askAndLeave(broken);
    expect((await ensemble.predict('?')).answer).toBe('4');
  });
});
