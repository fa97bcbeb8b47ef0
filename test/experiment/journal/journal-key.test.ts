import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { toRequest } from '../../../src/engine/to-request.ts';
import { callKey } from '../../../src/experiment/journal/journal-key.ts';
import { requestText } from '../../../src/policies/request-key.ts';

const model = { id: 'a', provider: 'openai', modelId: 'small' };
const request = toRequest('What is 2 + 2?');

describe('callKey', () => {
  it('is the SHA-256 of the call in base64url, as an independent implementation gives it', async () => {
    for (let sample = 0; sample < 50; sample += 1) {
      const asked = { ...request, sample };
      const expected = createHash('sha256').update(requestText(model, asked)).digest('base64url');
      expect(await callKey(model, asked)).toBe(expected);
    }
  });

  it('tells apart models, names of models, what is asked, and samples', async () => {
    const keys = await Promise.all([
      callKey(model, request),
      callKey({ ...model, id: 'b' }, request),
      callKey({ ...model, modelId: 'large' }, request),
      callKey(model, toRequest('What is 2 + 3?')),
      callKey(model, { ...request, system: 'Be brief.' }),
      callKey(model, { ...request, sample: 1 }),
    ]);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('is the same with and without deltas, and for sample 0 given or left out', async () => {
    const key = await callKey(model, request);
    expect(await callKey(model, { ...request, wantsDeltas: true })).toBe(key);
    expect(await callKey(model, { ...request, sample: 0 })).toBe(key);
  });
});
