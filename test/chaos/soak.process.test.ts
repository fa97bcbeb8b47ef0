import { describe, expect, it } from 'vitest';
import { checkDollars, type DollarBooks } from '../../bench/chaos/check-dollars.ts';
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
    for (const kind of [
      '429',
      '429 with a hint',
      '500',
      'malformed',
      'cut short',
      'reset',
      'answer, odd usage',
    ]) {
      expect(figures[`met ${kind}`], kind).toBeGreaterThan(0);
    }
    for (const what of ['refused as odd', 'sureUsd, in millionths', 'markedUsd, in millionths']) {
      expect(figures[what], what).toBeGreaterThan(0);
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

describe('the dollars of a soak', () => {
  const call = (id: string, end: WireCall['end'] = 'answered'): WireCall => {
    const [prediction, model = ''] = id.split('/');
    return { id, prediction: Number(prediction), model, end, response: undefined, error: undefined };
  };
  const shown = (costUsd: number | undefined, costSource: Outcome['costSource'] = 'reported'): Outcome => ({
    status: 'cancelled',
    model: 'm',
    index: 0,
    latencyMs: 1,
    costUsd,
    costSource,
  });
  const SHARED = 9;
  const books = (changed: Partial<DollarBooks> = {}): DollarBooks => ({
    outcomes: new Map([
      [0, [shown(0.3)]],
      [1, [shown(0.05, 'estimated')]],
      [2, [shown(undefined, 'unknown')]],
      [3, [shown(0)]],
      [SHARED, [shown(0), shown(0.2), shown(0.01, 'estimated')]],
    ]),
    unsubscribed: new Set(),
    calls: [
      ...[call('0/m/0', 'failed'), call('0/m/1'), call('1/m/0', 'aborted'), call('2/m/0', 'failed')],
      call(`${SHARED}/m/0`),
    ],
    bills: new Map([
      ['0/m/0', 0],
      ['0/m/1', 0.3],
      ['1/m/0', 0.2],
      ['2/m/0', 0.1],
      [`${SHARED}/m/0`, 0.2],
    ]),
    perPredictionUsd: 0.3,
    hasUsage: () => true,
    isShared: (name) => name === SHARED,
    ...changed,
  });
  const withBill = (id: string, usd: number): Partial<DollarBooks> => ({
    bills: new Map([...books().bills, [id, usd]]),
  });
  const withOutcomes = (name: number, ...told: readonly Outcome[]): Partial<DollarBooks> => ({
    outcomes: new Map([...books().outcomes, [name, told]]),
  });

  it('add up to the bill', () => {
    const { figures, faults } = checkDollars(books());
    expect(faults).toStrictEqual([]);
    expect(figures.billedUsd).toBeCloseTo(0.8, 9);
    expect(figures.sureUsd).toBeCloseTo(0.3, 9);
    expect(figures.reportedUsd).toBeCloseTo(0.3, 9);
    expect(figures.markedUsd).toBeCloseTo(0.5, 9);
  });

  it.each<[string, Partial<DollarBooks>]>([
    ['a bill above a sure cost', withBill('0/m/0', 0.01)],
    ['a bill below a sure cost', withBill('0/m/1', 0.2)],
    ['a failure that is shown as free', withOutcomes(2, shown(0))],
    ['a cost of what was not sent', withOutcomes(3, shown(0.1))],
    ['a prediction above its limit', { perPredictionUsd: 0.25 }],
    ['a shared answer that is in no ledger', withOutcomes(SHARED, shown(0), shown(0.2, 'estimated'))],
    ['a shared answer that is in two ledgers', withOutcomes(SHARED, shown(0.2), shown(0.2))],
    ['a bill for what was never sent', withBill('4/m/0', 0.1)],
  ])('do not, with %s', (_what, changed) => {
    expect(checkDollars(books(changed)).faults.length).toBeGreaterThan(0);
  });
});
