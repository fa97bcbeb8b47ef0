import { concat, defer, EMPTY, finalize, NEVER, of, Subject, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { AttemptListener } from '../../src/domain/attempt.ts';
import type { Cost } from '../../src/domain/cost.ts';
import { UnusableResponseError } from '../../src/domain/errors.ts';
import { internal } from '../../src/domain/internal.ts';
import { toRequest } from '../../src/engine/to-request.ts';
import {
  BudgetExceededError,
  MalformedResponseError,
  type Model,
  ModelError,
  type ModelRequest,
  type ModelResponse,
  type Pricing,
  ProviderError,
  RateLimitError,
  TimeoutError,
} from '../../src/index.ts';
import { attemptListener, type BudgetOptions, budget, spendingCap } from '../../src/policies/policies.ts';

/** A dollar for a thousand tokens, read or written. */
const pricing: Pricing = {
  priceOf: (_, { inputTokens = 0, outputTokens = 0 }) => ({ usd: (inputTokens + outputTokens) / 1000 }),
  countTokens: (text) => text.length,
};

/** A question of 17 tokens at most. */
const request = toRequest('?');
/** The same with 100 tokens more. */
const longer = { ...request, system: 'x'.repeat(84) };

const listenerOf = (asked: ModelRequest): AttemptListener => attemptListener(asked) as AttemptListener;

/** A model within a budget for answers of at most 100 tokens, so that a call is reserved at 11.7 cents. */
const budgeted = (
  call: Model['call'],
  { maxUsd = 1, ...options }: Partial<BudgetOptions> & { maxUsd?: number } = {},
) => {
  const cap = spendingCap({ maxUsd });
  const model = budget({ caps: [cap], maxOutputTokens: 100, pricing, ...options })({ id: 'a', call });
  return { cap, model };
};

/** A request that notes what its call is told. */
const noting = (told: unknown[]): ModelRequest => ({
  ...request,
  [internal]: {
    attempts: {
      prediction: {},
      isExtra: true,
      hasExpired: false,
      acceptsUnfinished: false,
      remainingMs: () => 5,
      attemptWaits: (isWaiting) => void told.push(isWaiting ? 'waits' : 'in flight'),
      attemptPays: (isPaying) => void told.push(isPaying ? 'pays' : 'is free'),
      attemptFailed: ({ error }) => void told.push(error),
      attemptStarted: ({ id }) => void told.push(`started ${id}`),
      attemptSends: (input) => void told.push(input),
      attemptCosts: (costSoFar) => void told.push(costSoFar()),
    },
    warn: (warning) => void told.push(warning),
  },
});

describe('what an attempt sends', () => {
  it('is reserved if it is longer than the request, and from then on at once', () => {
    const reserved: number[] = [];
    let input: ModelRequest = longer;
    const { cap, model } = budgeted((asked) => {
      reserved.push(cap.reservedUsd());
      listenerOf(asked).attemptSends(input);
      reserved.push(cap.reservedUsd());
      return of({ text: '4', costUsd: 0.01 });
    });
    model.call(request).subscribe();
    expect(reserved.splice(0)).toStrictEqual([0.117, 0.217]);
    input = request;
    model.call(request).subscribe();
    expect(reserved.splice(0)).toStrictEqual([0.217, 0.217]);
    model.call(request).subscribe();
    expect(reserved.splice(0)).toStrictEqual([0.117, 0.117]);
    expect([cap.spentUsd(), cap.reservedUsd()]).toStrictEqual([0.03, 0]);
  });

  it('is refused if too little is left, and costs nothing, whether it is sent shorter or not', () => {
    const reserved: number[] = [];
    const { cap, model } = budgeted(
      (asked) => {
        reserved.push(cap.reservedUsd());
        expect(() => listenerOf(asked).attemptSends(longer)).toThrow(
          expect.objectContaining({ name: 'BudgetExceededError', worstUsd: 0.217, costUsd: 0 }),
        );
        reserved.push(cap.reservedUsd());
        return of({ text: '4', costUsd: 0.01 });
      },
      { maxUsd: 0.2 },
    );
    for (let call = 0; call < 3; call += 1) model.call(request).subscribe();
    // What does not fit at all is not reserved in advance.
    expect(reserved).toStrictEqual([0.117, 0.117, 0.117, 0.117, 0.117, 0.117]);
    expect([cap.spentUsd(), cap.reservedUsd()]).toStrictEqual([0.03, 0]);
  });

  it('is not reserved by one that goes on for others after its own caller has left', () => {
    let listener: AttemptListener | undefined;
    const { cap, model } = budgeted((asked) => {
      listener = listenerOf(asked);
      return NEVER;
    });
    model.call(request).subscribe().unsubscribe();
    expect([cap.spentUsd(), cap.reservedUsd()]).toStrictEqual([0.117, 0]);
    listener?.attemptSends(longer);
    listener?.attemptStarted({ id: 'b' });
    expect([cap.spentUsd(), cap.reservedUsd()]).toStrictEqual([0.117, 0]);
  });

  it('is told to the call, with what else happens', () => {
    const told: unknown[] = [];
    const failure = new RateLimitError('a', 'slow down');
    const cost: Cost = { costUsd: 0.02, costSource: 'reported' };
    const { cap, model } = budgeted((asked) => {
      const listener = listenerOf(asked);
      expect([listener.isExtra, listener.remainingMs()]).toStrictEqual([true, 5]);
      listener.attemptSends(longer);
      listener.attemptCosts(() => cost);
      listener.attemptFailed({ error: failure, nextInMs: 0 });
      expect(cap.reservedUsd()).toBe(0);
      listener.attemptStarted({ id: 'b' });
      expect(cap.reservedUsd()).toBe(0.217);
      return of({ text: '4', costUsd: 0.01 });
    });
    model.call(noting(told)).subscribe();
    expect(told).toStrictEqual(['in flight', longer, cost, failure, 'started b']);
    expect([cap.spentUsd(), cap.reservedUsd()]).toStrictEqual([0.01, 0]);
  });
});

describe('an attempt of several calls', () => {
  it.each<[Cost, BudgetOptions['cancelledCalls'], number]>([
    [{ costUsd: 0.03, costSource: 'reported' }, 'most', 0.03],
    [{ costUsd: 0.03, costSource: 'estimated' }, 'most', 0.117],
    [{ costUsd: 0.03, costSource: 'estimated' }, 'estimate', 0.03],
    [{ costUsd: 0.03, costSource: 'partial' }, 'estimate', 0.117],
    [{ costUsd: 0.2, costSource: 'partial' }, 'most', 0.2],
    [{ costUsd: undefined, costSource: 'unknown' }, 'most', 0.117],
  ])(
    'that cost %o is charged if it is cancelled, with cancelledCalls: %s',
    (cost, cancelledCalls, spentUsd) => {
      const { cap, model } = budgeted(
        (asked) => {
          listenerOf(asked).attemptCosts(() => cost);
          return NEVER;
        },
        { cancelledCalls },
      );
      model.call(request).subscribe().unsubscribe();
      expect([cap.spentUsd(), cap.reservedUsd()]).toStrictEqual([spentUsd, 0]);
    },
  );

  it.each<[Cost | undefined, number]>([
    [undefined, 0.117],
    [{ costUsd: 0.03, costSource: 'reported' }, 0.03],
    [{ costUsd: 0.03, costSource: 'estimated' }, 0.117],
  ])('that cost %o is charged if it times out', (cost, spentUsd) => {
    const { cap, model } = budgeted((asked) => {
      if (cost !== undefined) listenerOf(asked).attemptCosts(() => cost);
      return throwError(() => new TimeoutError('a', 5));
    });
    model.call(request).subscribe({ error() {} });
    expect([cap.spentUsd(), cap.reservedUsd()]).toStrictEqual([spentUsd, 0]);
  });
});

describe('a cost above what was reserved', () => {
  const warningsOf = (call: Model['call'], options: Partial<BudgetOptions> = {}): unknown[] => {
    const told: unknown[] = [];
    budgeted(call, options).model.call(noting(told)).subscribe();
    return told.filter((one) => String(one).startsWith('cost'));
  };
  const answer = { text: '4', costUsd: 0.5 };

  it('is charged, with a warning that has the likeliest cause', () => {
    const beyond = 'cost $0.50, more than the $0.117 that the budget had reserved: ';
    expect(warningsOf(() => of(answer))).toStrictEqual([
      `${beyond}check that the model obeys maxOutputTokens, and the pricing`,
    ]);
    for (const [inputTokens, reason] of [
      [17, 'check that the model obeys maxOutputTokens, and the pricing'],
      [
        18,
        'it read 18 tokens, but was sent at most 17: what adds to the request must report it with attemptSends',
      ],
    ] as const) {
      const usage = { inputTokens, outputTokens: 100 };
      expect(warningsOf(() => of({ ...answer, usage }))).toStrictEqual([beyond + reason]);
    }
    const ensemble: Model['call'] = (asked) => {
      listenerOf(asked).attemptCosts(() => ({ costUsd: 0.5, costSource: 'reported' }));
      return of(answer);
    };
    expect(warningsOf(ensemble)).toStrictEqual([
      `${beyond}it is an ensemble, which makes several calls: give the budget to that ensemble, or to its models`,
    ]);
  });

  it('has no warning up to it, and none if the price was unknown', () => {
    expect(warningsOf(() => of({ text: '4', costUsd: 0.117 }))).toStrictEqual([]);
    const unknown: Pricing = { ...pricing, priceOf: () => undefined };
    expect(warningsOf(() => of(answer), { pricing: unknown, onUnknownPrice: 'allow' })).toStrictEqual([]);
  });
});

describe('an attempt within a budget', () => {
  const failing = (prepare: (listener: AttemptListener) => void, error: Error): Model['call'] => {
    return (asked) => {
      prepare(listenerOf(asked));
      return throwError(() => error);
    };
  };
  const spentBy = (call: Model['call'], options: Partial<BudgetOptions> = {}) => {
    const told: unknown[] = [];
    const { cap, model } = budgeted(call, options);
    model
      .call(noting(told))
      .subscribe({ error: (error) => told.push(error), complete: () => told.push('end') });
    expect(cap.reservedUsd()).toBe(0);
    return { spentUsd: cap.spentUsd(), told: told.slice(1) };
  };

  it('costs nothing if it fails while it waits, and what its response costs if that does not count', () => {
    const bug = new Error('bug');
    expect(spentBy(failing((listener) => listener.attemptWaits(true), bug)).spentUsd).toBe(0);
    const empty = new UnusableResponseError('a', 'is empty', { text: '', costUsd: 0.05 });
    expect(spentBy(failing(() => {}, empty)).spentUsd).toBe(0.05);
  });

  it('fails with its error alone, and ends without a response if the model does', () => {
    const late = new TimeoutError('a', 5);
    expect(spentBy(failing(() => {}, late))).toStrictEqual({ spentUsd: 0.117, told: [late] });
    expect(spentBy(() => EMPTY)).toStrictEqual({ spentUsd: 0.117, told: ['end'] });
  });

  it('is not made if its price is unknown, with what to set', () => {
    const unknown: Pricing = { ...pricing, priceOf: () => undefined };
    const { model } = budgeted(() => NEVER, { pricing: unknown });
    let message = '';
    model.call(request).subscribe({
      error: (error: Error) => {
        message = error.message;
      },
    });
    expect(message).toBe(`a: no price is known for this model: set "pricing", or onUnknownPrice: 'allow'`);
  });

  it('leaves the model before its end is told, and when it is cancelled', () => {
    const events: string[] = [];
    const answer$ = new Subject<ModelResponse>();
    const { model } = budgeted(() => answer$.pipe(finalize(() => events.push('left'))));
    model.call(request).subscribe().unsubscribe();
    expect(events.splice(0)).toStrictEqual(['left']);
    model.call(request).subscribe(() => events.push('answered'));
    answer$.next({ text: '4', costUsd: 0.01 });
    expect(events).toStrictEqual(['left', 'answered']);
  });

  it('is reserved at the price of its model from the start, and refused above what is left', () => {
    const dear: Pricing = {
      ...pricing,
      priceOf: ({ id }, { outputTokens = 0 }) => ({ usd: (outputTokens * (id === 'a' ? 1 : 5)) / 1000 }),
    };
    const events: unknown[] = [];
    for (const maxUsd of [1, 0.4]) {
      const answer$ = new Subject<ModelResponse>();
      let listener: AttemptListener | undefined;
      const { cap, model } = budgeted(
        (asked) => {
          listener = listenerOf(asked);
          return answer$.pipe(finalize(() => events.push('left')));
        },
        { maxUsd, pricing: dear },
      );
      const call = model.call(request).subscribe({ error: (error) => events.push(error.name) });
      listener?.attemptStarted({ id: 'dear' });
      events.push(cap.reservedUsd());
      call.unsubscribe();
    }
    expect(events).toStrictEqual([0.5, 'left', 'left', 'BudgetExceededError', 0]);
  });

  it('has nothing reserved between two, unless what it sends is known', () => {
    const failure = new RateLimitError('a', 'slow down');
    for (const [maxUsd, reservedUsd] of [
      [1, 0.217],
      [0.2, 0],
    ] as const) {
      const { cap, model } = budgeted(
        (asked) => {
          const listener = listenerOf(asked);
          listener.attemptFailed({ error: failure, nextInMs: 0 });
          if (reservedUsd === 0) expect(() => listener.attemptSends(longer)).toThrow(BudgetExceededError);
          else listener.attemptSends(longer);
          expect(cap.reservedUsd()).toBe(reservedUsd);
          return of({ text: '4', costUsd: 0 });
        },
        { maxUsd },
      );
      const told: unknown[] = [];
      model
        .call(request)
        .subscribe({ next: (output) => told.push(output), error: (error) => told.push(error) });
      expect(told).toMatchObject([{ text: '4' }]);
      expect([cap.spentUsd(), cap.reservedUsd()]).toStrictEqual([0, 0]);
    }
  });

  it('does not reserve in advance what does not fit in one of several caps', () => {
    const caps = [1, 0.2].map((maxUsd) => spendingCap({ maxUsd }));
    const model = budget({ caps, maxOutputTokens: 100, pricing })({
      id: 'a',
      call: (asked) => {
        expect(() => listenerOf(asked).attemptSends(longer)).toThrow(BudgetExceededError);
        return of({ text: '4', costUsd: 0 });
      },
    });
    const told: unknown[] = [];
    for (let call = 0; call < 2; call += 1) {
      model
        .call(request)
        .subscribe({ next: (output) => told.push(output), error: (error) => told.push(error) });
    }
    expect(told).toMatchObject([{ text: '4' }, { text: '4' }]);
  });

  it('is estimated by what it has written itself if it is cancelled', () => {
    const { cap, model } = budgeted(
      (asked) => {
        const listener = listenerOf(asked);
        return concat(
          of({ delta: 'abc' }),
          defer(() => {
            listener.attemptFailed({ error: new RateLimitError('a', 'slow down'), nextInMs: 0 });
            listener.attemptStarted({ id: 'a' });
            return concat(of({ delta: 'de' }), NEVER);
          }),
        );
      },
      { cancelledCalls: 'estimate' },
    );
    model.call(request).subscribe().unsubscribe();
    // One token was read, and two were written.
    expect(cap.spentUsd()).toBe(0.003);
  });

  it('is a free server error only if nothing else is in the way, and keeps what the provider reported', () => {
    const down = new ProviderError('a', 'down', { status: 503, [internal]: { warnings: ['odd'] } });
    const nested = (depth: number): ModelError =>
      depth === 0 ? down : new ModelError('a', 'all failed', { cause: nested(depth - 1) });
    const free = { serverErrors: 'free' } as const;
    const spent = (error: ModelError) =>
      spentBy(
        failing(() => {}, error),
        free,
      );
    expect([0, 1, 10, 11].map((depth) => spent(nested(depth)).spentUsd)).toStrictEqual([0, 0, 0, 0.117]);
    expect(spent(new MalformedResponseError('a', 'cut', { cause: down })).spentUsd).toBe(0.117);
    const [error] = spent(down).told as [ProviderError];
    expect(error).toMatchObject({ name: 'ProviderError', message: 'a: down', costUsd: 0 });
    expect(error[internal]).toStrictEqual({ warnings: ['odd'] });
  });
});
