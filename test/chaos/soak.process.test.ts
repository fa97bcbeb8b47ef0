import { describe, expect, it } from 'vitest';
import { type Books, checkLedger } from '../../bench/chaos/check-ledger.ts';
import { drawFault } from '../../bench/chaos/draw-fault.ts';
import { soak } from '../../bench/chaos/soak.ts';
import type { WireCall } from '../../bench/chaos/wiretap.ts';
import { ModelError, type Outcome } from '../../src/index.ts';

describe('a panel in faults, over real sockets, while the clock is set', () => {
  it('accounts for every call once, as the server saw it, and leaves nothing behind', async () => {
    const { figures, violations } = await soak({ seed: 7, predictions: 400 });
    expect(violations).toStrictEqual([]);
    // It has met what it is about.
    for (const what of ['complete', 'degraded', 'unsubscribed', 'earlier attempts', 'sent and aborted']) {
      expect(figures[what], what).toBeGreaterThan(0);
    }
    for (const kind of ['429', '429 with a hint', '500', 'malformed', 'cut short', 'reset']) {
      expect(figures[`met ${kind}`], kind).toBeGreaterThan(0);
    }
  });
});

describe('the accounts of a soak', () => {
  const SEED = 1;
  const account = { model: 'm', index: 0, latencyMs: 1, costUsd: undefined, costSource: 'unknown' } as const;
  const idOf = (attempt: number) => `0/m/${attempt}`;
  /** The first attempt that meets this, of those that the seed says are met. */
  const attemptThat = (meets: string): number => {
    const found = Array.from({ length: 5000 }, (_, attempt) => attempt).find(
      (attempt) => drawFault(SEED, idOf(attempt)).kind === meets,
    );
    return found ?? expect.fail(`nothing meets ${meets}`);
  };
  const error = Object.assign(new ModelError('m', 'down'), { name: 'ProviderError' });
  const sent = (meets: string, end: WireCall['end']): WireCall => {
    const id = idOf(attemptThat(meets));
    const { text, usage } = drawFault(SEED, id).served;
    return {
      ...{ id, prediction: 0, model: 'm', end },
      response: end === 'answered' ? { text, usage } : undefined,
      error: end === 'failed' ? error : undefined,
    };
  };
  const answered: Outcome = {
    ...account,
    status: 'answered',
    response: { text: '4' },
    answer: 4,
    key: '4',
    confidence: undefined,
    attempts: [{ ...account, error, nextInMs: 1 }],
  };
  const failure = sent('500', 'failed');
  const success = sent('answer', 'answered');
  const books = (changed: Partial<Books> = {}): Books => ({
    seed: SEED,
    outcomes: new Map([[0, [answered]]]),
    unsubscribed: new Set(),
    calls: [failure, success],
    seen: [failure.id, success.id],
    ...changed,
  });

  it('add up', () => {
    expect(checkLedger(books())).toStrictEqual([]);
  });

  const { attempts: _, ...withoutAttempts } = answered;
  it.each<[string, Partial<Books>]>([
    ['a request that was sent twice', { seen: [failure.id, success.id, success.id] }],
    ['a request that was never sent', { seen: [failure.id, success.id, '0/m/4999'] }],
    ['a request that never arrived', { seen: [failure.id] }],
    ['a call without an end', { calls: [failure, { ...success, end: 'out' }] }],
    ['an answer in other words', { calls: [failure, { ...success, response: { text: '4?' } }] }],
    ['an error of another kind', { calls: [{ ...failure, error: new TypeError('bug') }, success] }],
    ['an answer to what was refused', { calls: [{ ...success, id: failure.id }, success] }],
    ['an attempt that is in no account', { outcomes: new Map([[0, [withoutAttempts]]]) }],
    ['an attempt that was never made', { calls: [success], seen: [success.id] }],
    ['a prediction that is in no account', { outcomes: new Map() }],
  ])('do not, with %s', (_what, changed) => {
    expect(checkLedger(books(changed)).length).toBeGreaterThan(0);
  });

  it('ask nothing of a prediction that was unsubscribed', () => {
    expect(checkLedger(books({ outcomes: new Map(), unsubscribed: new Set([0]) }))).toStrictEqual([]);
  });
});
