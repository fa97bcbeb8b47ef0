import { describe, expect, it } from 'vitest';
import { ConfigError, TimeoutError } from '../../src/domain/errors.ts';
import type { Model, ModelDelta, ModelResponse } from '../../src/domain/model.ts';
import { toRequest } from '../../src/engine/to-request.ts';
import { timeout } from '../../src/policies/timeout.ts';
import { marbles } from '../marbles.ts';
import { responses } from '../scripted.ts';

const request = toRequest('?');
const outputs: Record<string, ModelResponse | ModelDelta> = { ...responses, a: { delta: 'a' } };

describe('timeout', () => {
  it(
    'passes deltas and the response of a call that is in time, and leaves no timer',
    marbles((m) => {
      const source = m.cold<ModelResponse | ModelDelta>('-a-4|', outputs);
      const model: Model = { id: 'm', call: () => source };
      m.expect(timeout(5)(model).call(request)).toBeObservable('-a-(4|)', outputs);
      m.expect(source).toHaveSubscriptions('^--!');
    }),
  );

  it(
    'fails and aborts a call at the limit, however many deltas have come',
    marbles((m) => {
      const late = new TimeoutError('m', 4, { firstTokenMs: 1, option: 'timeout(4)' });
      const source = m.cold<ModelResponse | ModelDelta>('-a-a-a-4|', outputs);
      const model: Model = { id: 'm', call: () => source };
      m.expect(timeout(4)(model).call(request)).toBeObservable('-a-a#', outputs, late);
      m.expect(source).toHaveSubscriptions('^---!');
    }),
  );

  it(
    'fails a call whose first delta is late, and none whose later ones are',
    marbles((m) => {
      const late = m.cold<ModelResponse | ModelDelta>('---a4|', outputs);
      const early = m.cold<ModelResponse | ModelDelta>('-a----4|', outputs);
      const limited = timeout(9, { firstTokenMs: 2 });
      const lateCall$ = limited({ id: 'late', call: () => late }).call(request);
      const earlyCall$ = limited({ id: 'early', call: () => early }).call(request);
      m.expect(lateCall$).toBeObservable(
        '--#',
        outputs,
        new TimeoutError('late', 2, { option: 'firstTokenMs' }),
      );
      m.expect(earlyCall$).toBeObservable('-a----(4|)', outputs);
      m.expect(late).toHaveSubscriptions('^-!');
    }),
  );

  it(
    'aborts the call when it is unsubscribed',
    marbles((m) => {
      const source = m.cold('-----4|', responses);
      m.expect(timeout(9)({ id: 'm', call: () => source }).call(request), '^--!').toBeObservable('----');
      m.expect(source).toHaveSubscriptions('^--!');
    }),
  );

  it('refuses times that are no limits', () => {
    for (const timeoutMs of [0, -1, Number.NaN, 2 ** 31])
      expect(() => timeout(timeoutMs)).toThrow(ConfigError);
    expect(() => timeout(1, { firstTokenMs: 0 })).toThrow('firstTokenMs');
  });
});
