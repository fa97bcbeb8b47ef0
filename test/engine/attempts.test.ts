import { concat, NEVER, of, Subject, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { createEnsemble, type EnsembleEvent, type Model, type Pricing } from '../../src/index.ts';
import { attemptListener, fallback } from '../../src/policies/policies.ts';

/** One dollar a character. */
const pricing: Pricing = {
  priceOf: (_, { inputTokens = 0, outputTokens = 0 }) => ({ usd: inputTokens + outputTokens }),
  countTokens: (text) => text.length,
};

const brief = (event: EnsembleEvent) =>
  event.type === 'model:start' || event.type === 'model:exception' ? [[event.type, event.attempt]] : [];

describe('the attempts of a call', () => {
  it('include one that fails before its policy reports its start', async () => {
    const pause = new Subject<never>();
    const careless: Model = {
      id: 'careless',
      call: (request) => {
        attemptListener(request)?.attemptFailed({ error: new Error('first'), nextInMs: 5 });
        return pause;
      },
    };
    const ensemble = createEnsemble({ models: [careless] });
    const events: unknown[] = [];
    ensemble.events$.subscribe((event) => events.push(...brief(event)));
    const failed = ensemble.predict('?').catch((error: unknown) => error);
    pause.error(new RangeError('second'));
    expect(await failed).toMatchObject({
      outcomes: [{ status: 'failed', error: { cause: { message: 'second' } }, attempts: [{ nextInMs: 5 }] }],
    });
    expect(events).toStrictEqual([
      ['model:start', 1],
      ['model:exception', 1],
      ['model:start', 2],
      ['model:exception', 2],
    ]);
  });

  it('are charged for their own text: the next one does not continue what a failed one has streamed', async () => {
    const first: Model = {
      id: 'first',
      call: () =>
        concat(
          of({ delta: 'x'.repeat(1000) }),
          throwError(() => new Error('broke')),
        ),
    };
    const second: Model = { id: 'second', call: () => concat(of({ delta: 'yy' }), NEVER) };
    const quick: Model = { id: 'quick', call: () => of({ text: '4' }) };
    const ensemble = createEnsemble({
      models: [fallback('either', [first, second]), quick],
      pricing,
      earlyStop: () => true,
    });
    const events = await Array.fromAsync(ensemble.stream('?'));
    const last = events.at(-1);
    const outcomes = last?.type === 'complete' ? last.prediction.outcomes : [];
    // One character of the question, two of the text of the second; the cost of the first is unknown.
    expect(outcomes[0]).toMatchObject({ status: 'cancelled', costUsd: 3, costSource: 'partial' });
  });
});
