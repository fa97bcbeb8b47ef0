import { lastValueFrom, map, Subject, timer, toArray } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { abortReason } from '../../../src/domain/abort-reason.ts';
import type { AttemptListener } from '../../../src/domain/attempt.ts';
import { internal } from '../../../src/domain/internal.ts';
import { toRequest } from '../../../src/engine/to-request.ts';
import { journaled, memoryJournal } from '../../../src/experiment/experiment.ts';
import type { Journal } from '../../../src/experiment/journal/journal.ts';
import { defineModel, type Model, type ModelRequest, RateLimitError } from '../../../src/index.ts';
import { retry } from '../../../src/policies/retry.ts';

const request = toRequest('What is 2 + 2?');

/** A request whose listener notes what it is told. */
const listening = (told: unknown[], abort?: unknown): ModelRequest => {
  const attempts: AttemptListener = {
    prediction: {},
    isExtra: false,
    hasExpired: false,
    acceptsUnfinished: false,
    remainingMs: () => Number.POSITIVE_INFINITY,
    attemptWaits: (isWaiting) => void told.push(isWaiting ? 'waits' : 'in flight'),
    attemptPays: (isPaying) => void told.push(isPaying ? 'pays' : 'is free'),
    attemptFailed: () => void told.push('failed'),
    attemptSends: () => {},
    attemptCosts: () => {},
    attemptStarted: () => void told.push('started'),
  };
  return { ...request, [internal]: { attempts, abortReason: abort } };
};

describe('a call that is recorded', () => {
  it('is free while it is looked up, and is paid for only if it is made', async () => {
    const busy = vi
      .fn<() => string>()
      .mockImplementationOnce(() => {
        throw new RateLimitError('a', 'slow down', { retryAfterMs: 0 });
      })
      .mockReturnValue('4');
    const model = journaled({ journal: memoryJournal() })(retry({ baseDelayMs: 1 })(defineModel('a', busy)));
    const made: unknown[] = [];
    await lastValueFrom(model.call(listening(made)));
    // The attempts within it are recorded as one call.
    expect([...new Set(made)]).toStrictEqual(['is free', 'pays']);
    const found: unknown[] = [];
    await lastValueFrom(model.call(listening(found)));
    expect([...new Set(found)]).toStrictEqual(['is free']);
    expect(busy).toHaveBeenCalledTimes(2);
  });

  it('is aborted with the reason of the caller', async () => {
    const reason = abortReason('deadline');
    const started = Promise.withResolvers<AbortSignal>();
    const model = defineModel('a', (_question, { signal }) => {
      started.resolve(signal);
      return new Promise<string>(() => {});
    });
    const subscription = journaled({ journal: memoryJournal() })(model)
      .call(listening([], reason))
      .subscribe();
    const signal = await started.promise;
    subscription.unsubscribe();
    expect(signal.reason).toBe(reason);
  });

  it('that wants deltas does not join one without them', async () => {
    const asked: boolean[] = [];
    const answer$ = new Subject<{ delta: string } | { text: string }>();
    const model: Model = {
      id: 'a',
      call: ({ wantsDeltas }) => {
        asked.push(wantsDeltas === true);
        return answer$;
      },
    };
    const kept = journaled({ journal: memoryJournal() })(model);
    const outputs = [request, { ...request, wantsDeltas: true }, { ...request, wantsDeltas: true }].map(
      (one) => lastValueFrom(kept.call(one).pipe(toArray())),
    );
    await expect.poll(() => asked).toStrictEqual([false, true]);
    answer$.next({ delta: '4' });
    answer$.next({ text: '4' });
    answer$.complete();
    expect(await Promise.all(outputs)).toMatchObject([
      [{ text: '4' }],
      [{ delta: '4' }, { text: '4' }],
      [{ delta: '4' }, { text: '4', costUsd: 0 }],
    ]);
  });

  it('is made if the journal has null in place of an entry', async () => {
    const journal: Journal = { ...memoryJournal(), get: async () => null as never };
    const model = journaled({ journal })(defineModel('a', () => '4'));
    expect(await lastValueFrom(model.call(request))).toMatchObject({ text: '4' });
  });

  it.each([true, false])('takes as long as it does, and no longer, with latency: %s', async (withLatency) => {
    vi.useFakeTimers();
    try {
      const seen: unknown[] = [];
      const model: Model = { id: 'a', call: () => timer(50).pipe(map(() => ({ text: '4' }))) };
      const kept = journaled({ journal: memoryJournal(), ...(withLatency && { withLatency }) })(model);
      kept.call(request).subscribe((response) => seen.push(response));
      await vi.advanceTimersByTimeAsync(50);
      expect(seen).toHaveLength(1);
      kept.call(request).subscribe((response) => seen.push(response));
      await vi.advanceTimersByTimeAsync(withLatency ? 49 : 0);
      expect(seen).toHaveLength(withLatency ? 1 : 2);
      await vi.advanceTimersByTimeAsync(1);
      expect(seen).toHaveLength(2);
    } finally {
      vi.useRealTimers();
    }
  });

  it('is not made with options that cannot be', () => {
    const options = { journal: { get: () => {} }, onMiss: 'ask', withLatency: 1 };
    expect(() => journaled(options as never)).toThrow(
      expect.objectContaining({
        faults: [
          'journaled: option "journal" must be a journal, such as memoryJournal(), but got an object',
          `journaled: option "onMiss" must be 'call', 'error', but got "ask"`,
          'journaled: option "withLatency" must be true or false, but got 1',
        ],
      }),
    );
  });

  it('fails at no cost in a strict replay, and says how to record it', async () => {
    const strict = journaled({ journal: memoryJournal(), onMiss: 'error' })(defineModel('a', () => '4'));
    await expect(lastValueFrom(strict.call(request))).rejects.toMatchObject({
      name: 'ReplayMissError',
      message:
        "a: no answer to this request is recorded; make the call with runExperiment, or with onMiss: 'call'",
      isRetryable: false,
      costUsd: 0,
    });
  });
});
