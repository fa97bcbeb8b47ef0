import { materialize } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { BudgetExceededError, ConfigError, type Pricing } from '../../src/index.ts';
import { createCapLedger } from '../../src/policies/cap-ledger.ts';
import { budget, spendingCap } from '../../src/policies/policies.ts';
import { reservedIn, reserveNow } from '../../src/policies/reserved-in.ts';

const pricing: Pricing = { priceOf: () => ({ usd: 0.1 }), countTokens: (text) => text.length };

const refusal = (create: () => unknown): string => {
  try {
    create();
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).message;
  }
  return 'no error';
};

describe('the options of budget', () => {
  it.each([
    ['onUnknownPrice', "'refuse', 'allow'"],
    ['serverErrors', "'most', 'free'"],
    ['cancelledCalls', "'most', 'estimate'"],
  ])('that are a word are refused with the words that there are: %s', (name, words) => {
    const caps = [spendingCap({ maxUsd: 1 })];
    const message = refusal(() => budget({ caps, maxOutputTokens: 1, pricing, [name]: 'no' }));
    expect(message).toMatch(new RegExp(`"${name}" must be ${words}, but`));
    for (const word of words.replaceAll("'", '').split(', ')) {
      expect(refusal(() => budget({ caps, maxOutputTokens: 1, pricing, [name]: word }))).toBe('no error');
    }
  });

  it('need something that is limited', () => {
    const sentence =
      'budget: one of "caps" and "perPredictionUsd" must be given, such as { perPredictionUsd: 0.05 }';
    expect(refusal(() => budget({ maxOutputTokens: 1, pricing }))).toBe(sentence);
    expect(refusal(() => budget({ caps: [], maxOutputTokens: 1, pricing }))).toBe(sentence);
    expect(refusal(() => budget(undefined as never))).toContain('budget');
    expect(refusal(() => budget({ perPredictionUsd: 1, maxOutputTokens: 1, pricing }))).toBe('no error');
  });
});

describe('the size of a spending cap', () => {
  it.each([1e-9, 1, 1e6])('may be %d', (maxUsd) => {
    expect(spendingCap({ maxUsd }).maxUsd).toBe(maxUsd);
    expect(refusal(() => budget({ perPredictionUsd: maxUsd, maxOutputTokens: 1, pricing }))).toBe('no error');
  });

  it.each([0, -1, 1_000_001, Number.POSITIVE_INFINITY, Number.NaN, '1', [1], 1n, true])(
    'may not be %s',
    (maxUsd) => {
      const words = 'must be a number of USD above 0 up to 1000000, but';
      expect(refusal(() => spendingCap({ maxUsd: maxUsd as never }))).toContain(
        `spendingCap: option "maxUsd" ${words}`,
      );
      const options = { perPredictionUsd: maxUsd as never, maxOutputTokens: 1, pricing };
      expect(refusal(() => budget(options))).toContain(`budget: option "perPredictionUsd" ${words}`);
    },
  );
});

describe('a reservation', () => {
  it('is emitted once, and then there is nothing to wait for', () => {
    const kinds: string[] = [];
    reservedIn([createCapLedger(1, Number.POSITIVE_INFINITY)], 0.5, 'a')
      .pipe(materialize())
      .subscribe(({ kind }) => kinds.push(kind));
    expect(kinds).toStrictEqual(['N', 'C']);
  });

  it('that cannot wait is refused with what is left, and how much of that is reserved', () => {
    const cap = createCapLedger(1, Number.POSITIVE_INFINITY);
    cap.reserve(0.3)(0.3);
    const settle = cap.reserve(0.5);
    expect(reserveNow([cap], 0.25, 'a')).toStrictEqual(
      new BudgetExceededError(
        'a',
        'may cost $0.25, but only $0.70 of $1.00 is left, and $0.50 of it is reserved',
        0.25,
      ),
    );
    settle(0.5);
    expect(reserveNow([cap], 0.25, 'a')).toStrictEqual(
      new BudgetExceededError('a', 'may cost $0.25, but only $0.20 of $1.00 is left', 0.25),
    );
    expect(cap.reservedUsd()).toBe(0);
  });
});
