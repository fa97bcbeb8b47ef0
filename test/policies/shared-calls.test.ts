import { mergeMap, type Observable, retry, timer } from 'rxjs';
import { describe, it } from 'vitest';
import type { ModelDelta, ModelResponse } from '../../src/domain/model.ts';
import { toRequest } from '../../src/engine/to-request.ts';
import { paidFor } from '../../src/policies/paid-for.ts';
import { sharedCalls } from '../../src/policies/shared-calls.ts';
import { marbles } from '../marbles.ts';

type Output = ModelResponse | ModelDelta;

const outputs: Record<string, Output> = {
  a: { text: '4', costUsd: 1 },
  x: { text: '4', costUsd: 0, costSource: 'reported', cached: { costUsd: 1 } },
  d: { delta: 'd' },
  e: { delta: 'e' },
  b: { delta: 'de' },
};

const share = () => {
  const shared = sharedCalls<ModelResponse>(paidFor);
  return (key: string, call$: Observable<Output>) => shared(key, toRequest('?'), () => call$);
};

describe('calls with the same key', () => {
  it(
    'are one while it is out, which those who join hear from its beginning',
    marbles((m) => {
      const call$ = m.cold('  --d--e--(a|)', outputs);
      const once = '          ^-------!';
      const shared = share();
      m.expect(shared('key', call$)).toBeObservable('--d--e--(a|)', outputs);
      m.expect(timer(3).pipe(mergeMap(() => shared('key', call$)))).toBeObservable('---d-e--(x|)', outputs);
      m.expect(timer(6).pipe(mergeMap(() => shared('key', call$)))).toBeObservable('------b-(x|)', outputs);
      m.expect(call$).toHaveSubscriptions(once);
    }),
  );

  it(
    'go on when one of several leaves, even the first, and the one who was there longest gets the bill',
    marbles((m) => {
      const call$ = m.cold('     --------(a|)', outputs);
      const first = '            ^---!       ';
      const second = '           --^         ';
      const third = '            ---^        ';
      const shared = share();
      m.expect(shared('key', call$), first).toBeObservable('-----');
      m.expect(shared('key', call$), second).toBeObservable('--------(a|)', outputs);
      m.expect(shared('key', call$), third).toBeObservable('--------(x|)', outputs);
      m.expect(call$).toHaveSubscriptions('^-------!');
    }),
  );

  it(
    'are aborted when the last leaves, and the next one starts anew',
    marbles((m) => {
      const call$ = m.cold('  --------(a|)', outputs);
      const shared = share();
      m.expect(shared('key', call$), '^---!').toBeObservable('-----');
      m.expect(shared('key', call$), '--^--!').toBeObservable('------');
      m.expect(shared('key', call$), '-------^').toBeObservable('---------------(a|)', outputs);
      m.expect(call$).toHaveSubscriptions(['^----!', '-------^-------!']);
    }),
  );

  it(
    'fail together, and who asks again at that moment gets a call of its own that others can join',
    marbles((m) => {
      const call$ = m.cold('--#');
      const shared = share();
      m.expect(shared('key', call$).pipe(retry(1))).toBeObservable('----#');
      m.expect(shared('key', call$)).toBeObservable('--#');
      m.expect(shared('key', call$), '---^').toBeObservable('----#');
      m.expect(call$).toHaveSubscriptions(['^-!', '--^-!']);
    }),
  );

  it(
    'are not one with those of another key',
    marbles((m) => {
      const call$ = m.cold('--(a|)', outputs);
      const shared = share();
      m.expect(shared('key', call$)).toBeObservable('--(a|)', outputs);
      m.expect(shared('other', call$)).toBeObservable('--(a|)', outputs);
      m.expect(call$).toHaveSubscriptions(['^-!', '^-!']);
    }),
  );

  it(
    'are not one when one comes after the end of the other',
    marbles((m) => {
      const call$ = m.cold('--(a|)', outputs);
      const shared = share();
      m.expect(shared('key', call$)).toBeObservable('--(a|)', outputs);
      m.expect(shared('key', call$), '---^').toBeObservable('-----(a|)', outputs);
      m.expect(call$).toHaveSubscriptions(['^-!', '---^-!']);
    }),
  );
});
