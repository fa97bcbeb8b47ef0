import type { Observable } from 'rxjs';
import { toRequest } from '../../src/engine/to-request.ts';
import type { Model, ModelResponse, Pricing } from '../../src/index.ts';
import type { CapLedger } from '../../src/policies/cap-ledger.ts';
import type { SpendingCap } from '../../src/policies/policies.ts';
import { ledgerOf } from '../../src/policies/spending-cap.ts';

/** A dollar for a thousand written tokens; what is asked is free. */
export const pricing: Pricing = {
  priceOf: (_, { outputTokens = 0 }) => ({ usd: outputTokens / 1000 }),
  countTokens: (text) => text.length,
};

export const request = toRequest('?');

export const answer = (outputTokens: number): ModelResponse => ({
  text: '4',
  usage: { inputTokens: 1, outputTokens },
});

export const member = (id: string, call$: Observable<unknown>): Model => ({
  id,
  call: () => call$ as ReturnType<Model['call']>,
});

export const ledger = (cap: SpendingCap): CapLedger => ledgerOf(cap) as CapLedger;
