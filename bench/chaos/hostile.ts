import type { ModelResponse, Pricing, Query } from '../../src/index.ts';
import type { CacheStore } from '../../src/policies/policies.ts';

/** What a function of a user may do in place of what it is asked for. A promise that nobody awaits ends the process. */
const strays: readonly (() => unknown)[] = [
  () => Promise.reject(new Error('a rejected promise')),
  () => Promise.resolve('a promise'),
  () => {
    throw new RangeError('thrown');
  },
  // biome-ignore lint/suspicious/noThenProperty: a thenable is what this is about.
  () => ({ then: (_resolve: unknown, reject: (error: Error) => void) => reject(new Error('a thenable')) }),
  () => Number.NaN,
  () => -1,
  () => Object.create(null),
  () =>
    new Proxy(
      {},
      {
        get: () => {
          throw new TypeError('unreadable');
        },
      },
    ),
];

/** Runs a function, or every third time something else in its place. */
export type Sabotage = <Value>(run: () => Value) => Value;

export const createSabotage = (): Sabotage => {
  let turn = 0;
  return <Value>(run: () => Value): Value => {
    turn += 1;
    return turn % 3 === 0 ? (strays[(turn / 3) % strays.length]?.() as Value) : run();
  };
};

/** A store that loses, breaks and refuses what it is given. */
export const oddStore = (sabotage: Sabotage): CacheStore => {
  const kept = new Map<string, ModelResponse>();
  return {
    get: (key) => sabotage(() => kept.get(key)),
    set: (key, response) => sabotage(() => void kept.set(key, response)),
  };
};

export const oddPricing = (pricing: Pricing, sabotage: Sabotage): Pricing => ({
  priceOf: (model, usage) => sabotage(() => pricing.priceOf(model, usage)),
  countTokens: (text) => sabotage(() => pricing.countTokens(text)),
});

/** Conversations as the body of a web request may have them. None of them may reach a model. */
export const oddQueries: readonly Query[] = [
  { messages: [null] },
  { messages: [] },
  { messages: 'hello' },
  { messages: [{ role: 'user' }] },
  { messages: [{ role: 'user', content: null }] },
  { messages: [{ role: 'user', content: 4 }] },
  { messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }] },
  { messages: [{ role: 'tool', content: 'hi' }] },
  { messages: [{ content: 'hi' }] },
  { messages: [{ role: 'user', content: 'hi' }, undefined] },
  { messages: [['user', 'hi']] },
  { system: 7, messages: [{ role: 'user', content: 'hi' }] },
  { prompt: 'hi' },
  { messages: { length: 1, 0: { role: 'user', content: 'hi' } } },
  null,
  undefined,
  42,
  [],
  [{ role: 'user', content: 'hi' }],
  () => 'hi',
] as never[];
