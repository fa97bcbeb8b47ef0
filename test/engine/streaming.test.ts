import { of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { createEnsemble, type Model } from '../../src/index.ts';
import { marbles } from '../marbles.ts';

describe('a model that streams', () => {
  it(
    'shows its pieces in `stream` as they come, and counts when it is done',
    marbles((m) => {
      const model: Model = {
        id: 'writer',
        call: ({ wantsDeltas }) =>
          m.cold('--a-b-(c|)', {
            a: { delta: 'Pa' },
            b: { delta: wantsDeltas ? 'ris' : '' },
            c: { text: 'Paris' },
          }),
      };
      const events$ = createEnsemble({ models: [model] }).stream('?');
      m.expect(events$).toBeObservable('s-a-b-(fcde|)', {
        s: { sequence: 0, type: 'call-start', model: 'writer', call: 0, index: 0 },
        a: { sequence: 1, type: 'delta', model: 'writer', text: 'Pa', call: 0 },
        b: { sequence: 2, type: 'delta', model: 'writer', text: 'ris', call: 0 },
        f: expect.objectContaining({ sequence: 3, type: 'call-end', call: 0 }),
        c: { sequence: 4, type: 'response', model: 'writer', response: { text: 'Paris' } },
        d: { sequence: 5, type: 'consensus', consensus: 1, votes: { paris: 1 }, leader: 'paris' },
        e: expect.objectContaining({ sequence: 6, type: 'complete' }),
      });
    }),
  );

  it(
    'is not asked for pieces by `predict`, and its first piece is timed where it sends them all the same',
    marbles((m) => {
      const wanted: (boolean | undefined)[] = [];
      const model: Model = {
        id: 'writer',
        call: ({ wantsDeltas }) => {
          wanted.push(wantsDeltas);
          return m.cold('--a---(c|)', { a: { delta: 'Pa' }, c: { text: 'Paris' } });
        },
      };
      m.expect(createEnsemble({ models: [model] }).predict$('?')).toBeObservable('------(p|)', {
        p: expect.objectContaining({
          outcomes: [expect.objectContaining({ status: 'answered', firstTokenMs: 2, latencyMs: 6 })],
        }),
      });
      m.flush();
      expect(wanted).toStrictEqual([undefined]);
    }),
  );

  it('that only ever sends pieces has not answered', async () => {
    const model: Model = { id: 'writer', call: () => of({ delta: 'Pa' }, { delta: 'ris' }) };
    await expect(createEnsemble({ models: [model] }).predict('?')).rejects.toThrow('ended without an answer');
  });
});

describe('an answer that the model did not finish', () => {
  const model: Model = { id: 'm', call: () => of({ text: 'Par', finishReason: 'length' }) };

  it('abstains', async () => {
    const error = await createEnsemble({ models: [model] })
      .predict('?')
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      name: 'InsufficientResponsesError',
      outcomes: [
        { status: 'abstained', reason: 'the model did not finish: length; raise "maxOutputTokens"' },
      ],
    });
  });

  it('counts where that is asked for', async () => {
    const { answer } = await createEnsemble({ models: [model], acceptUnfinished: true }).predict('?');
    expect(answer).toBe('par');
  });
});
