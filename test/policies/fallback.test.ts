import { defer, lastValueFrom, mergeMap, type Observable, of, throwError, timer } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { toRequest } from '../../src/engine/to-request.ts';
import {
  type CallResult,
  ConfigError,
  createEnsemble,
  defineModel,
  InvalidRequestError,
  type Model,
  ModelError,
  type ModelResponse,
  type NoPredictionError,
  ProviderError,
} from '../../src/index.ts';
import { fallback } from '../../src/policies/fallback.ts';
import { isUnusable } from '../../src/policies/is-unusable.ts';
import { marbles } from '../marbles.ts';

const request = toRequest('2 + 2?');
const values = { '4': { text: '4' }, '5': { text: '5' }, d: { delta: '4' } };
const down = new ProviderError('a', 'down', { isRetryable: true });
const member = (id: string, call$: Observable<unknown>): Model => ({
  id,
  call: () => call$ as ReturnType<Model['call']>,
});

describe('fallback', () => {
  for (const [what, first, result, second] of [
    ['asks the next when the first fails', '--#', '----(4|)', '--^-!'],
    ['asks nobody else when the first answers', '--(5|)', '--(5|)', []],
    ['asks the next when the first ends without a word', '--|', '----(4|)', '--^-!'],
    ['keeps the pieces that a failed member has shown', '-d#', '-d--(4|)', '--^-!'],
    ['is done at the response, whatever follows', '-5#', '-(5|)', []],
  ] as const) {
    it(
      what,
      marbles((m) => {
        const [a$, b$] = [m.cold(first, values, down), m.cold('--(4|)', values)];
        const model = fallback('either', [member('a', a$), member('b', b$)]);
        m.expect(model.call(request)).toBeObservable(result, values);
        m.expect(b$).toHaveSubscriptions(second as string | string[]);
      }),
    );
  }

  it(
    'asks nobody else after an error that `shouldHandle` declines',
    marbles((m) => {
      const error = new InvalidRequestError('a', 'no');
      const b$ = m.cold('-4', values);
      const shouldHandle = (result: CallResult) => !(result.error instanceof InvalidRequestError);
      const model = fallback('either', [member('a', m.cold('-#', values, error)), member('b', b$)], {
        shouldHandle,
      });
      m.expect(model.call(request)).toBeObservable('-#', values, error);
      m.expect(b$).toHaveSubscriptions([]);
    }),
  );

  it(
    'names every member when all failed',
    marbles((m) => {
      const model = fallback('either', [
        member('x', m.cold('-#', values, down)),
        member('y', m.cold('-#', values, down)),
      ]);
      const error = new ModelError('either', 'all of x, y failed: a: down', {
        cause: down,
        isRetryable: true,
      });
      m.expect(model.call(request)).toBeObservable('--#', values, error);
    }),
  );

  it(
    'aborts the member that is being asked, and asks no other, once it is unsubscribed',
    marbles((m) => {
      const [a$, b$] = [m.cold('---#', values, down), m.cold('-4', values)];
      m.expect(fallback('either', [member('a', a$), member('b', b$)]).call(request), '^-!').toBeObservable(
        '---',
      );
      m.expect(a$).toHaveSubscriptions('^-!');
      m.expect(b$).toHaveSubscriptions([]);
    }),
  );

  it.each([0, 1, 5000, 20_000])(
    'asks %i members that fail at once, after one that fails later',
    async (failing) => {
      let asked = 0;
      const failed = throwError(() => {
        asked += 1;
        return down;
      });
      const later = defer(() => timer(0).pipe(mergeMap(() => failed)));
      const members = Array.from({ length: failing }, (_, place) => member(`m${place}`, failed));
      for (const first of [later, failed]) {
        asked = 0;
        const models = [member('first', first), ...members, member('last', of({ text: '4' }))];
        expect(await lastValueFrom(fallback('either', models).call(request))).toEqual({ text: '4' });
        expect(asked).toBe(failing + 1);
        await expect(lastValueFrom(fallback('either', models.slice(0, -1)).call(request))).rejects.toThrow(
          'failed: a: down',
        );
      }
    },
  );

  it('refuses an empty list and an empty id', () => {
    expect(() => fallback('', [])).toThrow(ConfigError);
  });
});

describe('fallback, after a response that does not count', () => {
  const first = (reply: ModelResponse) => defineModel('first', () => ({ costUsd: 0.25, ...reply }));
  const second = defineModel('second', () => ({ text: 'Paris', costUsd: 0.5 }));

  it.each([
    ['asks the next after an empty text', { text: ' \n' }, undefined, 'answered', 0.75],
    ['passes on a filtered one', { text: '', finishReason: 'content-filter' }, undefined, 'abstained', 0.25],
    [
      'passes on one that was cut off',
      { text: 'Well,', finishReason: 'length' },
      undefined,
      'abstained',
      0.25,
    ],
    [
      'asks the next after a filtered one if told to',
      { text: '', finishReason: 'content-filter' },
      isUnusable,
      'answered',
      0.75,
    ],
    [
      'asks the next after one that was cut off if told to',
      { text: 'Well,', finishReason: 'length' },
      isUnusable,
      'answered',
      0.75,
    ],
    ['does not ask after an empty one if told not to', { text: '' }, () => false, 'abstained', 0.25],
  ] as const)('%s, and counts what was paid', async (_, reply, shouldHandle, status, costUsd) => {
    const models = [fallback('either', [first(reply), second], shouldHandle && { shouldHandle })];
    const { outcomes } = await createEnsemble({ models })
      .predict('What is the capital of France?')
      .catch((failure: NoPredictionError) => failure);
    expect(outcomes.map((outcome) => [outcome.status, outcome.costUsd])).toEqual([[status, costUsd]]);
  });

  it('passes on an empty one if the ensemble accepts it', async () => {
    const models = [fallback('either', [first({ text: '' }), second])];
    const { answer } = await createEnsemble({
      models,
      acceptUnfinished: true,
      normalization: (text) => text,
    }).predict('?');
    expect(answer).toBe('');
  });
});
