import { mergeMap, retry, timer } from 'rxjs';
import { describe, it } from 'vitest';
import { sharedCalls } from '../../src/policies/shared-calls.ts';
import { marbles } from '../marbles.ts';

const share = () => sharedCalls<string>((output) => `(${output})`);

describe('calls with the same key', () => {
  it(
    'are one while it is out, which those who join hear from its beginning',
    marbles((m) => {
      const call$ = m.cold('  --a--b--c|', undefined);
      const once = '          ^--------!';
      const shared = share();
      m.expect(shared('key', call$)).toBeObservable('--a--b--c|');
      m.expect(timer(3).pipe(mergeMap(() => shared('key', call$)))).toBeObservable('---x-y--z|', {
        x: '(a)',
        y: '(b)',
        z: '(c)',
      });
      m.expect(call$).toHaveSubscriptions(once);
    }),
  );

  it(
    'go on when one of several leaves, even the first',
    marbles((m) => {
      const call$ = m.cold('     --------a|');
      const first = '            ^---!     ';
      const second = '           --^       ';
      const shared = share();
      m.expect(shared('key', call$), first).toBeObservable('-----');
      m.expect(shared('key', call$), second).toBeObservable('--------x|', { x: '(a)' });
      m.expect(call$).toHaveSubscriptions('^--------!');
    }),
  );

  it(
    'are aborted when the last leaves, and the next one starts anew',
    marbles((m) => {
      const call$ = m.cold('  --------a|');
      const shared = share();
      m.expect(shared('key', call$), '^---!').toBeObservable('-----');
      m.expect(shared('key', call$), '--^--!').toBeObservable('------');
      m.expect(shared('key', call$), '-------^').toBeObservable('---------------a|');
      m.expect(call$).toHaveSubscriptions(['^----!', '-------^--------!']);
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
      const call$ = m.cold('--a|');
      const shared = share();
      m.expect(shared('key', call$)).toBeObservable('--a|');
      m.expect(shared('other', call$)).toBeObservable('--a|');
      m.expect(call$).toHaveSubscriptions(['^--!', '^--!']);
    }),
  );

  it(
    'are not one when one comes after the end of the other',
    marbles((m) => {
      const call$ = m.cold('--(a|)');
      const shared = share();
      m.expect(shared('key', call$)).toBeObservable('--(a|)');
      m.expect(shared('key', call$), '---^').toBeObservable('-----(a|)');
      m.expect(call$).toHaveSubscriptions(['^-!', '---^-!']);
    }),
  );
});
