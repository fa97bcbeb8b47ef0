import { catchError, NEVER, of, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { createEnsemble, defineModel, type Model, ModelError, type ModelResponse } from '../../src/index.ts';
import { answersAndCounts } from '../answers-and-counts.ts';
import { marbles } from '../marbles.ts';
import { responses, scripted } from '../scripted.ts';

const saying = (id: string, text: string): Model => scripted(id, of<ModelResponse>({ text }));
const failing = (id: string): Model =>
  scripted(
    id,
    throwError(() => new ModelError(id, 'down')),
  );

describe('a prediction that lost members', () => {
  it('is degraded, and says who is missing and why', async () => {
    const models = [saying('a', '4'), failing('b'), saying('c', '4'), saying('d', '5')];
    const { metadata } = await createEnsemble({ models }).predict('?');
    expect(metadata).toMatchObject({
      status: 'degraded',
      missing: [{ model: 'b', reason: 'ModelError' }],
      quorum: 3 / 4,
      consensus: 2 / 3,
    });
  });

  it('is complete where calls were aborted that no longer mattered', async () => {
    const models = [scripted('a', NEVER), saying('b', '4'), saying('c', '4')];
    const { metadata } = await createEnsemble({ models, earlyStop: 'decided' }).predict('?');
    expect(metadata).toMatchObject({ status: 'complete', missing: [], cancelled: 1, quorum: 2 / 3 });
  });

  it('names a member whose responses did not count, and is complete all the same', async () => {
    const models = [saying('a', '4'), saying('b', ''), saying('c', '4')];
    const { metadata } = await createEnsemble({ models }).predict('?');
    expect(metadata).toMatchObject({
      status: 'complete',
      missing: [{ model: 'b', reason: 'abstained' }],
      abstentions: 1,
      quorum: 2 / 3,
    });
  });

  it('does not miss a member of which one sample counted', async () => {
    let calls = 0;
    const moody = defineModel('moody', () => {
      calls += 1;
      return calls === 1 ? '' : '4';
    });
    const { metadata } = await createEnsemble({ models: [moody], samples: 2 }).predict('?');
    expect(metadata).toMatchObject({ missing: [], abstentions: 1 });
  });
});

describe('a deadline', () => {
  it(
    'makes the prediction of what has arrived, and aborts the rest',
    marbles((m) => {
      const a = m.cold(' --4|        ', responses);
      const b = m.cold(' ---4|       ', responses);
      const c = m.cold(' ---------5| ', responses);
      const cSubs = '    ^----!      ';
      const expected = ' -----(p|)   ';
      const models = [scripted('a', a), scripted('b', b), scripted('c', c)];
      m.expect(createEnsemble({ models, deadlineMs: 5 }).predict$('?')).toBeObservable(expected, {
        p: expect.objectContaining({
          answer: '4',
          metadata: expect.objectContaining({
            status: 'degraded',
            missing: [{ model: 'c', reason: 'deadline' }],
            cancelled: 1,
            latencyMs: 5,
          }),
        }),
      });
      m.expect(c).toHaveSubscriptions(cSubs);
    }),
  );

  it(
    'fails a prediction that has too few votes by then, which may be tried again',
    marbles((m) => {
      const a = m.cold(' --4|        ', responses);
      const models = [scripted('a', a), scripted('b', NEVER), scripted('c', NEVER)];
      const told$ = createEnsemble({ models, deadlineMs: 5 })
        .predict$('?')
        .pipe(catchError(({ name, message, isRetryable }) => of({ name, message, isRetryable })));
      m.expect(told$).toBeObservable('-----(e|)', {
        e: {
          name: 'InsufficientResponsesError',
          message: '1 of at least 2 votes were cast by the deadline (b, c cancelled)',
          isRetryable: true,
        },
      });
    }),
  );

  it(
    'does nothing to a prediction that is made before it',
    marbles((m) => {
      const a = m.cold('--4|', responses);
      const { predict$ } = createEnsemble({ models: [scripted('a', a)], deadlineMs: 5 });
      m.expect(predict$('?')).toBeObservable('--(p|)', {
        p: expect.objectContaining({ metadata: expect.objectContaining({ status: 'complete' }) }),
      });
    }),
  );

  it(
    'ends a stream too, with its prediction',
    marbles((m) => {
      const a = m.cold('--4|', responses);
      const models = [scripted('a', a), scripted('b', NEVER)];
      const events$ = createEnsemble({ models, deadlineMs: 9, minResponses: 1 })
        .stream('?')
        .pipe(answersAndCounts());
      m.expect(events$).toBeObservable('--(rc)---(p|)', {
        r: expect.objectContaining({ type: 'response' }),
        c: expect.objectContaining({ type: 'consensus' }),
        p: expect.objectContaining({ type: 'complete' }),
      });
    }),
  );

  it('is refused where timers cannot wait for it', () => {
    expect(() => createEnsemble({ models: [saying('a', '4')], deadlineMs: 2 ** 31 })).toThrow(/deadlineMs/);
  });
});
