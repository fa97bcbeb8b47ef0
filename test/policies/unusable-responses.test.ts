import { concat, type Observable, of, throwError } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { toRequest } from '../../src/engine/to-request.ts';
import {
  type CallResult,
  CircuitOpenError,
  createEnsemble,
  InvalidRequestError,
  type Model,
  type ModelResponse,
  ProviderError,
  RateLimitError,
  UnusableResponseError,
} from '../../src/index.ts';
import { circuitBreaker, fallback, isTransient, isUnusable, retry } from '../../src/policies/policies.ts';
import { marbles } from '../marbles.ts';

const request = toRequest('2 + 2?');
const cut: ModelResponse = { text: 'Well,', finishReason: 'length' };
const values = { '4': { text: '4' }, l: cut, e: { text: ' \n' }, d: { delta: 'W' } };
const down = new ProviderError('a', 'down', { isRetryable: true });
const either = (result: CallResult) => isTransient(result) || isUnusable(result);
const latest = { baseDelayMs: 4, random: () => 1, shouldHandle: either };
const boom = () => {
  throw new TypeError('bug');
};

const promised = (() => Promise.reject(new TypeError('bug'))) as unknown as () => boolean;

/** A model whose calls, one after another, go as these do. */
const inTurn = (id: string, ...calls: readonly Observable<unknown>[]): Model => {
  let made = 0;
  return { id, call: () => calls[made++] as ReturnType<Model['call']> };
};

describe('a response that does not count', () => {
  it.each<readonly [response: ModelResponse, reason: string | undefined]>([
    [{ text: '4' }, undefined],
    [{ text: '4', finishReason: 'stop' }, undefined],
    [{ text: '4', finishReason: 'tool-calls' }, undefined],
    [{ text: '4', finishReason: 'other' }, 'the model stopped for an unknown reason'],
    [{ text: '4', finishReason: 'length' }, 'the model did not finish: length; raise "maxOutputTokens"'],
    [{ text: '', finishReason: 'content-filter' }, 'the model did not finish: content-filter'],
    [{ text: 'No.', finishReason: 'refusal' }, 'the model did not finish: refusal'],
    [{ text: '' }, 'the model answered with an empty text'],
    [{ text: ' \n\t\u2003' }, 'the model answered with an empty text'],
  ])('is shown to shouldHandle, and abstains, with the same reason: %o', async (response, reason) => {
    const shown: (string | undefined)[] = [];
    const shouldHandle = (result: CallResult) => {
      shown.push(result.reason);
      return false;
    };
    const models = [
      retry({ shouldHandle })(inTurn('a', of(response))),
      fallback('b', [inTurn('b1', of(response))], { shouldHandle }),
      circuitBreaker({ shouldHandle })(inTurn('c', of(response))),
      inTurn('d', of({ text: '4' })),
    ];
    const { outcomes } = await createEnsemble({ models, minResponses: 1 }).predict('2 + 2?');
    expect(shown).toStrictEqual(reason === undefined ? [] : [reason, reason, reason]);
    expect(outcomes.slice(0, 3).map((outcome) => 'reason' in outcome && outcome.reason)).toStrictEqual(
      Array.from({ length: 3 }, () => reason ?? false),
    );
  });

  it('is read by the normalizer, and shown to no policy, with acceptUnfinished', async () => {
    const shouldHandle = vi.fn(() => true);
    const models = [
      retry({ shouldHandle })(inTurn('a', of(cut))),
      fallback('b', [inTurn('b1', of(cut)), inTurn('b2')], { shouldHandle }),
      circuitBreaker({ shouldHandle })(inTurn('c', of(cut))),
    ];
    const { answer } = await createEnsemble({ models, acceptUnfinished: true }).predict('?');
    expect(answer).toBe('well,');
    expect(shouldHandle).not.toHaveBeenCalled();
  });

  it('is not one that cannot be read at all', async () => {
    const shouldHandle = vi.fn(() => true);
    const unreadable = Object.defineProperty({ text: '4' }, 'finishReason', { get: boom });
    for (const response of [unreadable, {}, null, { text: 4 }]) {
      const model = retry({ shouldHandle, maxAttempts: 1 })(inTurn('a', of(response)));
      await expect(createEnsemble({ models: [model] }).predict('?')).rejects.toThrow(
        'answered with a value that',
      );
    }
    expect(shouldHandle).not.toHaveBeenCalled();
  });
});

describe('retry of a response that does not count', () => {
  it(
    'asks again after the backoff, and closes the call that it passes over',
    marbles((m) => {
      const calls = [m.cold('-l--', values), m.cold('-e--', values), m.cold('-(4|)', values)];
      m.expect(retry(latest)(inTurn('a', ...calls)).call(request)).toBeObservable('15ms (4|)', values);
      ['^!', '5ms ^!', '14ms ^!'].forEach((diagram, index) => {
        m.expect(calls[index] as (typeof calls)[0]).toHaveSubscriptions(diagram);
      });
    }),
  );

  for (const [what, options, calls, expected] of [
    ['emits it when no attempt is left', { maxAttempts: 2 }, ['-(l|)', '-(e|)'], '6ms (e|)'],
    ['fails with the error of a later attempt', { maxAttempts: 2 }, ['-(l|)', '-#'], '6ms #'],
    ['emits it after an error', { maxAttempts: 2 }, ['-#', '-(l|)'], '6ms (l|)'],
    ['emits it at once by default', { shouldHandle: isTransient }, ['-(l|)'], '-(l|)'],
    ['emits it at once if shouldHandle throws', { shouldHandle: boom }, ['-(l|)'], '-(l|)'],
    ['asks again after an error if shouldHandle throws', { shouldHandle: boom }, ['-#', '-(4|)'], '6ms (4|)'],
    ['emits it at once if shouldHandle returns a promise', { shouldHandle: promised }, ['-(l|)'], '-(l|)'],
    [
      'asks again after an error if shouldHandle returns a promise',
      { shouldHandle: promised },
      ['-#', '-(4|)'],
      '6ms (4|)',
    ],
    ['emits it after a delta', {}, ['-d(l|)'], '-d(l|)'],
    ['ends with the first response that counts', {}, ['-4l|'], '-(4|)'],
  ] as const) {
    it(
      what,
      marbles((m) => {
        const model = inTurn('a', ...calls.map((diagram) => m.cold(diagram, values, down)));
        m.expect(retry({ ...latest, ...options })(model).call(request)).toBeObservable(
          expected,
          values,
          down,
        );
      }),
    );
  }

  for (const [what, usd, pricing, expected] of [
    ['as the model reports it', { costUsd: 0.25 }, undefined, [0.25, 'reported', 0.25, 'partial']],
    [
      'as a model estimates it',
      { costUsd: 0.25, costSource: 'estimated' },
      'free',
      [0.25, 'estimated', 0.25, 'estimated'],
    ],
    [
      'by its tokens',
      { usage: { inputTokens: 3, outputTokens: 2 } },
      'priced',
      [5, 'reported', 7, 'estimated'],
    ],
    ['by its text', {}, 'priced', [6, 'estimated', 8, 'estimated']],
    ['as unknown without a price', {}, undefined, [undefined, 'unknown', undefined, 'unknown']],
  ] as const) {
    it(
      `accounts for it as for a failed attempt: ${what}`,
      marbles((m) => {
        const perToken = pricing === 'priced' ? 1 : 0;
        const calls = [m.cold('-l', { l: { ...cut, ...usd } }), m.cold('-(4|)', values)];
        const ensemble = createEnsemble({
          models: [retry(latest)(inTurn('a', ...calls))],
          ...(pricing !== undefined && {
            pricing: {
              priceOf: (_, { inputTokens = 0, outputTokens = 0 }) => ({
                usd: perToken * (inputTokens + outputTokens),
              }),
              countTokens: (text) => text.length,
            },
          }),
        });
        const [costUsd, costSource, sumUsd, sumSource] = expected;
        const error = new UnusableResponseError(
          'a',
          'the model did not finish: length; raise "maxOutputTokens"',
          { ...cut, ...usd },
        );
        m.expect(ensemble.predict$('?')).toBeObservable('6ms (p|)', {
          p: expect.objectContaining({
            outcomes: [
              expect.objectContaining({
                status: 'answered',
                costUsd: sumUsd,
                costSource: sumSource,
                attempts: [{ model: 'a', error, latencyMs: 1, nextInMs: 4, costUsd, costSource }],
              }),
            ],
          }),
        });
      }),
    );
  }

  it('tells the listeners of it, with its reason and without its text', async () => {
    const again = { baseDelayMs: 0, shouldHandle: isUnusable };
    const ensemble = createEnsemble({
      models: [retry(again)(inTurn('a', of({ ...cut, costUsd: 0.25 }), of({ text: '4', costUsd: 0.5 })))],
    });
    const told: unknown[] = [];
    ensemble.events$.subscribe((event) => {
      if (event.type === 'model:exception') told.push([event.error.message, event.costUsd, event.nextInMs]);
      if (event.type === 'model:stop') told.push([event.status, event.costUsd, event.attempt]);
    });
    const { outcomes } = await ensemble.predict('?');
    expect(told).toStrictEqual([
      ['a: the model did not finish: length; raise "maxOutputTokens"', 0.25, 0],
      ['answered', 0.5, 2],
    ]);
    const error = outcomes[0]?.attempts?.[0]?.error;
    expect(error).toBeInstanceOf(UnusableResponseError);
    expect((error as UnusableResponseError).response.text).toBe('Well,');
    expect(Object.values(error as object)).not.toContainEqual(expect.objectContaining(cut));
    expect(JSON.stringify(error)).not.toContain('Well');
  });

  it('abstains with its reason when no attempt is left', async () => {
    const models = [
      retry({ maxAttempts: 2, baseDelayMs: 0, shouldHandle: isUnusable })(inTurn('a', of(cut), of(cut))),
      inTurn('b', of({ text: '4' })),
    ];
    const { outcomes } = await createEnsemble({ models, minResponses: 1 }).predict('?');
    expect(outcomes).toMatchObject([
      {
        status: 'abstained',
        reason: 'the model did not finish: length; raise "maxOutputTokens"',
        attempts: [{ model: 'a' }],
      },
      { status: 'answered' },
    ]);
  });
});

describe('retry of a call that cannot be repeated', () => {
  it.each<readonly [what: string, options: object, output: Observable<unknown>]>([
    [
      'after a delta',
      {},
      concat(
        of({ delta: 'W' }),
        throwError(() => down),
      ),
    ],
    [
      'because the provider asks to wait too long',
      { maxDelayMs: 1 },
      throwError(() => new RateLimitError('a', 'slow', { retryAfterMs: 2 })),
    ],
  ])('does not ask shouldHandle %s', (_, options, output) => {
    const shouldHandle = vi.fn(() => true);
    const told = vi.fn();
    retry({ ...options, shouldHandle })(inTurn('a', output))
      .call(request)
      .subscribe({ error: told });
    expect(told).toHaveBeenCalledOnce();
    expect(shouldHandle).not.toHaveBeenCalled();
  });
});

describe('fallback after a response that does not count', () => {
  const any = () => true;
  for (const [what, options, calls, expected] of [
    ['asks the next member', { shouldHandle: any }, ['-l--', '-(4|)'], '--(4|)'],
    ['emits that of the last member', { shouldHandle: any }, ['-(l|)', '-(e|)'], '--(e|)'],
    ['emits it at once by default', {}, ['-(l|)'], '-(l|)'],
    ['emits it at once if shouldHandle throws', { shouldHandle: boom }, ['-(l|)'], '-(l|)'],
    [
      'asks the next member after an error if shouldHandle throws',
      { shouldHandle: boom },
      ['-#', '-(4|)'],
      '--(4|)',
    ],
    ['emits it after a delta', { shouldHandle: any }, ['-d(l|)'], '-d(l|)'],
    ['emits it after a delta of a member that failed', { shouldHandle: any }, ['-d#', '-(l|)'], '-d-(l|)'],
  ] as const) {
    it(
      what,
      marbles((m) => {
        const members = ['x', 'y'].map((id, index) => inTurn(id, m.cold(calls[index] ?? '', values, down)));
        m.expect(fallback('either', members, options).call(request)).toBeObservable(expected, values, down);
      }),
    );
  }

  it(
    'accounts for the member that is passed over',
    marbles((m) => {
      const members = [
        inTurn('x', m.cold('-l--', { l: { ...cut, costUsd: 0.25 } })),
        inTurn('y', m.cold('-(4|)', { '4': { text: '4', costUsd: 0.5 } })),
      ];
      const models = [fallback('either', members, { shouldHandle: isUnusable })];
      m.expect(createEnsemble({ models }).predict$('?')).toBeObservable('--(p|)', {
        p: expect.objectContaining({
          outcomes: [
            expect.objectContaining({
              costUsd: 0.75,
              costSource: 'reported',
              attempts: [expect.objectContaining({ model: 'x', costUsd: 0.25, latencyMs: 1, nextInMs: 0 })],
            }),
          ],
        }),
      });
    }),
  );

  it('names every member if the last one fails', () => {
    const told = vi.fn();
    const members = [inTurn('x', of(cut)), { id: 'y', call: boom }];
    fallback('either', members, { shouldHandle: any }).call(request).subscribe({ error: told });
    expect(told.mock.calls).toMatchObject([[{ message: 'either: all of x, y failed: the last threw' }]]);
  });
});

describe('a circuit breaker, of a response that does not count', () => {
  const opened = (options: Parameters<typeof circuitBreaker>[0], ...outputs: readonly unknown[]) => {
    const changes: string[] = [];
    const onStateChange = ({ state }: { readonly state: string }) => changes.push(state);
    const policy = circuitBreaker({ minimumCalls: 1, ...options, onStateChange });
    const emitted: unknown[] = [];
    policy(inTurn('a', of(...outputs)))
      .call(request)
      .subscribe({ next: (output) => emitted.push(output), error: () => undefined });
    return { changes, emitted };
  };

  it('takes the model for up by default, and if shouldHandle throws', () => {
    expect(opened({}, cut)).toStrictEqual({ changes: [], emitted: [cut] });
    expect(opened({ shouldHandle: boom }, cut).changes).toStrictEqual([]);
  });

  it('opens if shouldHandle says so, and passes the response on, after deltas as well', () => {
    expect(opened({ shouldHandle: isUnusable }, cut)).toStrictEqual({ changes: ['open'], emitted: [cut] });
    expect(opened({ shouldHandle: isUnusable }, { delta: 'W' }, cut)).toStrictEqual({
      changes: ['open'],
      emitted: [{ delta: 'W' }, cut],
    });
  });

  it('lets the default decide on an error if shouldHandle throws', () => {
    const stateAfter = (error: unknown) => {
      const changes: string[] = [];
      const model: Model = {
        id: 'a',
        call: () => {
          throw error;
        },
      };
      circuitBreaker({
        minimumCalls: 1,
        shouldHandle: boom,
        onStateChange: ({ state }) => changes.push(state),
      })(model)
        .call(request)
        .subscribe({ error: () => undefined });
      return changes;
    };
    expect(stateAfter(down)).toStrictEqual(['open']);
    expect(stateAfter(new InvalidRequestError('a', 'no'))).toStrictEqual([]);
  });
});

describe('the ready-made predicates', () => {
  it.each<readonly [result: CallResult, transient: boolean, unusable: boolean]>([
    [{ error: down }, true, false],
    [{ error: new ProviderError('a', 'gone', { isRetryable: false }) }, false, false],
    [{ error: new CircuitOpenError('a') }, false, false],
    [{ error: new TypeError('bug') }, false, false],
    [{ error: undefined }, false, false],
    [{ response: cut, reason: 'the model did not finish: length; raise "maxOutputTokens"' }, false, true],
  ])('tell results apart: %o', (result, transient, unusable) => {
    expect(isTransient(result)).toBe(transient);
    expect(isUnusable(result)).toBe(unusable);
  });
});
