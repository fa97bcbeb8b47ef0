import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { answerKey } from '../../src/domain/answer-key.ts';
import type { ModelRequest } from '../../src/domain/request.ts';
import { toRequest } from '../../src/engine/to-request.ts';
import { memoryStore } from '../../src/policies/cache-store.ts';
import { requestText } from '../../src/policies/request-key.ts';

const text = fc.string({ unit: 'binary' });
const question = text.filter((asked) => asked.trim() !== '');
const identity = fc.record({ id: text, provider: text, modelId: text }, { requiredKeys: ['id'] });

describe('the text of a request', () => {
  const slow = (
    { id, provider, modelId }: { id: string; provider?: string; modelId?: string },
    { sample = 0, wantsDeltas: _, ...asked }: ModelRequest,
  ) => answerKey({ id, provider, modelName: modelId, sample, asked });

  it('is its canonical JSON, also for one question in words, which has a faster way', () => {
    fc.assert(
      fc.property(identity, question, fc.option(fc.nat(9), { nil: undefined }), (model, words, sample) => {
        const asked = toRequest(words);
        const request = sample === undefined ? asked : { ...asked, sample };
        expect(requestText(model, request)).toBe(slow(model, request));
      }),
      { numRuns: 300, seed: 12 },
    );
  });

  it('is the same whatever was asked before, of a model that may have had another name', () => {
    const few = fc.constantFrom('a', 'b', '');
    const asked = fc.record({
      model: fc.nat(1),
      name: fc.record({ id: few, provider: few, modelId: few }, { requiredKeys: ['id'] }),
      prompt: few,
      message: fc.record({ role: fc.constantFrom('user', 'assistant'), content: few }),
      others: fc.record({ system: few, sample: fc.nat(1), wantsDeltas: fc.boolean() }, { requiredKeys: [] }),
    });
    fc.assert(
      fc.property(fc.array(asked, { maxLength: 12 }), (calls) => {
        const models = [{}, {}];
        for (const { model, name, prompt, message: turn, others } of calls) {
          for (const member of ['provider', 'modelId'])
            Reflect.deleteProperty(models[model] as object, member);
          const named = Object.assign(models[model] as object, name);
          const request = { prompt, messages: [turn], ...others } as ModelRequest;
          expect(requestText(named, request)).toBe(slow(named, request));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('sorts no keys for one question in words, which is the fast way', () => {
    const sort = vi.spyOn(Array.prototype, 'sort');
    requestText({ id: 'a' }, toRequest('four'));
    expect(sort).not.toHaveBeenCalled();
    requestText({ id: 'a' }, toRequest({ system: 'Be terse.', messages: [message] }));
    expect(sort).toHaveBeenCalled();
    sort.mockRestore();
  });

  const message = { role: 'user', content: 'four' } as const;
  it.each<readonly [what: string, request: object]>([
    ['another prompt than its message', { prompt: 'five', messages: [message] }],
    ['no message', { prompt: 'four', messages: [] }],
    ['two messages', { prompt: 'four', messages: [message, message] }],
    ['a message of the assistant', { prompt: 'four', messages: [{ role: 'assistant', content: 'four' }] }],
    ['a message with a name', { prompt: 'four', messages: [{ ...message, name: 'me' }] }],
    ['a message without words', { prompt: 'four', messages: [{ role: 'user', content: [1] }] }],
    ['a message that has no content', { prompt: 'four', messages: [{ role: 'user', text: 'four' }] }],
    ['a prompt that is no text', { prompt: 4, messages: [message] }],
    ['a system prompt', { prompt: 'four', messages: [message], system: 'Be terse.' }],
    ['a schema in place of a prompt', { answerSchema: {}, messages: [message] }],
    ['a limit', { prompt: 'four', messages: [message], maxOutputTokens: 5 }],
  ])('has all of a request with %s', (_what, request) => {
    const model = { id: 'a', provider: 'p', modelId: 'm' };
    expect(requestText(model, request as ModelRequest)).toBe(slow(model, request as ModelRequest));
    expect(requestText(model, request as ModelRequest)).not.toBe(requestText(model, toRequest('four')));
  });
});

describe('the digest of a text', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
    vi.resetModules();
  });

  it('is the same on a platform without a digest at once', async () => {
    const words = ['', 'four', 'Grüße 🦊', '\u0001'];
    const { hashed } = await import('../../src/policies/request-key.ts');
    const slow = vi.spyOn(crypto.subtle, 'digest');
    const atOnce = await Promise.all(words.map(hashed));
    expect(slow).not.toHaveBeenCalled();
    vi.resetModules();
    vi.stubGlobal('process', undefined);
    const elsewhere = await import('../../src/policies/request-key.ts');
    expect(await Promise.all(words.map(elsewhere.hashed))).toStrictEqual(atOnce);
    expect(slow).toHaveBeenCalledTimes(words.length);
    expect(atOnce[0]).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });
});

describe('the store in memory', () => {
  afterEach(() => void vi.useRealTimers());

  it('forgets a response when its time has come, and not before', () => {
    vi.useFakeTimers();
    const store = memoryStore(10);
    store.set('kept', { text: 'kept' });
    store.set('short', { text: 'short' }, 100);
    vi.advanceTimersByTime(99);
    expect(store.get('short')).toStrictEqual({ text: 'short' });
    vi.advanceTimersByTime(1);
    expect(store.get('short')).toBeUndefined();
    expect(store.get('short')).toBeUndefined();
    expect(store.get('kept')).toStrictEqual({ text: 'kept' });
  });

  it('counts a response that is set again once, as the one that was used last', () => {
    const store = memoryStore(2);
    for (const key of ['a', 'b', 'a', 'c']) store.set(key, { text: key });
    expect(['a', 'b', 'c'].map((key) => store.get(key) !== undefined)).toStrictEqual([true, false, true]);
  });

  it.each([0, 1, 3])('keeps %d responses', (most) => {
    const store = memoryStore(most);
    for (const key of ['a', 'b', 'c', 'd', 'e']) store.set(key, { text: key });
    const kept = ['a', 'b', 'c', 'd', 'e'].filter((key) => store.get(key) !== undefined);
    expect(kept).toStrictEqual(['a', 'b', 'c', 'd', 'e'].slice(5 - most));
  });
});
