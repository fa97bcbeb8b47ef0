import { NEVER, Subject, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { AttemptListener, OpenAttempt } from '../../src/domain/attempt.ts';
import { internal } from '../../src/domain/internal.ts';
import type { ModelDelta, ModelResponse } from '../../src/domain/model.ts';
import { attemptListener, type ModelRequest, warnOf } from '../../src/domain/request.ts';
import { toRequest } from '../../src/engine/to-request.ts';
import { paidFor } from '../../src/policies/paid-for.ts';
import { sharedCalls } from '../../src/policies/shared-calls.ts';

/** A request whose listener notes what it is told. */
const listening = (name: string, told: string[], traits: Partial<AttemptListener> = {}): ModelRequest => ({
  ...toRequest('?'),
  [internal]: {
    attempts: {
      prediction: { name },
      isExtra: false,
      hasExpired: false,
      acceptsUnfinished: false,
      remainingMs: () => 10,
      attemptWaits: (isWaiting) => void told.push(`${name} ${isWaiting ? 'waits' : 'is out'}`),
      attemptPays: (isPaying) => void told.push(`${name} ${isPaying ? 'pays' : 'is free'}`),
      attemptFailed: ({ error }) => void told.push(`${name} failed: ${(error as Error).message}`),
      attemptSends: () => void told.push(`${name} sends`),
      attemptCosts: () => void told.push(`${name} costs`),
      attemptStarted: ({ id }) => void told.push(`${name} started ${id}`),
      ...traits,
    },
    warn: (warning) => void told.push(`${name}: ${warning}`),
  },
});

/** A call that several share: its output, and its own request, which a policy within it would see. */
const stage = () => {
  const shared = sharedCalls<ModelResponse>(paidFor);
  const output$ = new Subject<ModelResponse | ModelDelta>();
  const inner: ModelRequest[] = [];
  const join = (request: ModelRequest) => {
    const heard: unknown[] = [];
    const subscription = shared('key', request, (asked) => {
      inner.push(asked);
      return output$;
    }).subscribe({ next: (value) => heard.push(value), error: (error) => heard.push(error) });
    return { heard, leave: () => subscription.unsubscribe() };
  };
  const listener = () => attemptListener(inner[0] as ModelRequest) as AttemptListener;
  return { join, output$, inner, listener };
};

describe('the call that several share, to the policies within it', () => {
  it('is that of the one who pays', () => {
    const { join, listener } = stage();
    const first = listening('first', [], { isExtra: false, hasExpired: true, remainingMs: () => 5 });
    const second = listening('second', [], { acceptsUnfinished: true, remainingMs: () => 20 });
    const { leave } = join(first);
    join(second);
    const { prediction, isExtra, hasExpired, acceptsUnfinished } = listener();
    expect(prediction).toBe(attemptListener(first)?.prediction);
    expect([isExtra, hasExpired, acceptsUnfinished]).toStrictEqual([false, true, false]);
    expect(listener().remainingMs()).toBe(20);
    leave();
    expect(listener().prediction).toBe(attemptListener(second)?.prediction);
    expect([listener().hasExpired, listener().acceptsUnfinished]).toStrictEqual([false, true]);
  });

  it('is an extra one if it is so for the one who pays', () => {
    const { join, listener } = stage();
    join(listening('hedge', [], { isExtra: true }));
    expect(listener().isExtra).toBe(true);
  });

  it('is a prediction of its own, without limits, if no ensemble made it', () => {
    const { join, listener } = stage();
    join(toRequest('?'));
    const { prediction, isExtra, hasExpired, acceptsUnfinished } = listener();
    expect(prediction).toBe(listener());
    expect([isExtra, hasExpired, acceptsUnfinished]).toStrictEqual([false, false, false]);
    expect(listener().remainingMs()).toBe(Number.POSITIVE_INFINITY);
    expect(() => {
      listener().attemptStarted({ id: 'm' });
      listener().attemptFailed({ error: new Error('no'), nextInMs: 1 });
      listener().attemptWaits(false);
    }).not.toThrow();
  });
});

describe('those who share a call', () => {
  it('owe nothing while they are several, and the attempt if one is left', () => {
    const told: string[] = [];
    const { join, listener } = stage();
    const first = join(listening('first', told));
    listener().attemptStarted({ id: 'm' });
    expect(told.splice(0)).toStrictEqual(['first is free', 'first started m', 'first is out', 'first pays']);
    join(listening('second', told));
    expect(told.splice(0)).toStrictEqual(['second is free', 'first is free']);
    first.leave();
    expect(told.splice(0)).toStrictEqual(['second started m', 'second pays']);
  });

  it('have the one pay for an attempt that failed who pays for the call', () => {
    const told: string[] = [];
    const { join, listener } = stage();
    join(listening('first', told));
    join(listening('second', told));
    listener().attemptStarted({ id: 'm' });
    told.length = 0;
    listener().attemptFailed({ error: new Error('no'), nextInMs: 1 });
    expect(told.splice(0)).toStrictEqual([
      'first pays',
      'first failed: no',
      'first waits',
      'second waits',
      'first is free',
    ]);
  });

  it('wait all while the call waits, so that their time does not run', () => {
    const told: string[] = [];
    const { join, listener } = stage();
    join(listening('first', told));
    listener().attemptWaits(true);
    join(listening('second', told));
    told.length = 0;
    join(listening('third', told));
    listener().attemptWaits(false);
    expect(told).toStrictEqual([
      'third is free',
      'third waits',
      'first is out',
      'second is out',
      'third is out',
    ]);
  });

  it('end the attempt in flight when the time of the last of them is over', () => {
    let given: OpenAttempt | undefined;
    const attemptStarted = (_model: unknown, attempt?: OpenAttempt) => {
      given = attempt;
    };
    const { join, listener } = stage();
    join(listening('first', [], { attemptStarted }));
    const second = join(listening('second', []));
    const ends: unknown[] = [];
    listener().attemptStarted({ id: 'm' }, { closed: false, error: (error) => ends.push(error) });
    expect(given?.closed).toBe(true);
    second.leave();
    expect(given?.closed).toBe(false);
    given?.error('late');
    expect(ends).toStrictEqual(['late']);
  });

  it('hear a warning once, the one who pays', () => {
    const told: string[] = [];
    const { join, inner } = stage();
    const { leave } = join(listening('first', told));
    join(listening('second', told));
    told.length = 0;
    warnOf(inner[0] as ModelRequest, 'odd');
    leave();
    told.push('-');
    warnOf(inner[0] as ModelRequest, 'odd');
    expect(told.filter((line) => /odd|-/.test(line))).toStrictEqual(['first: odd', '-', 'second: odd']);
  });

  it('hear nothing of an attempt that was given up when they join after it', () => {
    const { join, output$, listener } = stage();
    join(listening('first', []));
    output$.next({ delta: 'gone' });
    listener().attemptFailed({ error: new Error('no'), nextInMs: 1 });
    expect(join(listening('second', [])).heard).toStrictEqual([]);
    output$.next({ delta: 'new' });
    expect(join(listening('third', [])).heard).toStrictEqual([{ delta: 'new' }]);
  });

  it('get the result also if it cannot be read', () => {
    const shared = sharedCalls<ModelResponse>(() => {
      throw new Error('no');
    });
    const output$ = new Subject<ModelResponse>();
    const heard: unknown[] = [];
    for (const name of ['first', 'second']) {
      shared('key', listening(name, []), () => output$).subscribe((value) => heard.push(value));
    }
    output$.next({ text: '4' });
    expect(heard).toStrictEqual([{ text: '4' }, { text: '4' }]);
  });
});

describe('an extra call', () => {
  const prediction = {};
  it.each([
    ['of the same prediction is a call of its own', { isExtra: true, prediction }, 2],
    ['of another prediction joins', { isExtra: true, prediction: {} }, 1],
    ['that is none joins', { isExtra: false, prediction }, 1],
  ])('%s', (_what, traits, calls) => {
    const { join, inner } = stage();
    join(listening('other', []));
    join(listening('call', [], { prediction }));
    join(listening('extra', [], traits));
    expect(inner).toHaveLength(calls);
  });

  it('that ends leaves the call that it was to overtake to those who join', () => {
    const shared = sharedCalls<ModelResponse>(paidFor);
    const made: string[] = [];
    const call = (name: string, request: ModelRequest, output$ = NEVER) =>
      shared('key', request, () => {
        made.push(name);
        return output$;
      }).subscribe({ error: () => undefined });
    call('call', listening('call', [], { prediction }));
    call(
      'extra',
      listening('extra', [], { prediction, isExtra: true }),
      throwError(() => new Error('no')) as typeof NEVER,
    );
    call('later', listening('later', []));
    expect(made).toStrictEqual(['call', 'extra']);
  });
});

describe('what was sent and what it costs', () => {
  const costSoFar = () => ({ costUsd: 1, costSource: 'reported' as const });

  it('is told to the one who pays, and to the next one if that one leaves', () => {
    const { join, listener } = stage();
    const told: string[] = [];
    const { leave } = join(listening('first', told));
    join(listening('second', told));
    listener().attemptStarted({ id: 'a' });
    listener().attemptSends(toRequest('longer'));
    listener().attemptCosts(costSoFar);
    const heard = () => told.filter((line) => /sends|costs/.test(line));
    expect(heard()).toStrictEqual(['first sends', 'first costs']);
    leave();
    expect(heard().slice(2)).toStrictEqual(['second sends', 'second costs']);
  });

  it('goes on if the next one who pays has too little left for it', () => {
    const { join, listener, output$ } = stage();
    const attemptSends = () => {
      throw new Error('too little');
    };
    const { leave } = join(listening('first', []));
    const { heard } = join(listening('second', [], { attemptSends }));
    listener().attemptStarted({ id: 'a' });
    listener().attemptSends(toRequest('longer'));
    leave();
    output$.next({ text: '4' });
    expect(heard).toStrictEqual([{ text: '4' }]);
  });

  it('is forgotten after an attempt that failed', () => {
    const { join, listener } = stage();
    const told: string[] = [];
    const { leave } = join(listening('first', []));
    join(listening('second', told));
    listener().attemptStarted({ id: 'a' });
    listener().attemptSends(toRequest('longer'));
    listener().attemptCosts(costSoFar);
    listener().attemptFailed({ error: new Error('down'), nextInMs: 0 });
    leave();
    expect(told.filter((line) => /sends|costs/.test(line))).toStrictEqual([]);
  });
});
