import { describe, expect, it } from 'vitest';
import {
  createEnsemble,
  defineModel,
  type Model,
  type ModelRequest,
  statedConfidence,
  withConfidence,
} from '../../src/index.ts';

const ask = async (model: Model) => {
  const { outcomes, text } = await createEnsemble({ models: [model] }).predict('?');
  const [vote] = outcomes;
  return vote?.status === 'answered'
    ? { text, confidence: vote.confidence, source: vote.response.confidenceSource }
    : vote?.status;
};

describe('a stated confidence', () => {
  it.each([
    ['{"answer": "Paris", "confidence": 0.8}', { text: 'Paris', confidence: 0.8, source: 'stated' }],
    ['```json\n{"answer": 42, "confidence": 1}\n```', { text: '42', confidence: 1, source: 'stated' }],
    ['Paris, I would say', { text: 'Paris, I would say', confidence: undefined, source: undefined }],
    ['{"answer": "Paris"}', { text: '{"answer": "Paris"}', confidence: undefined, source: undefined }],
    [
      '{"answer": "Paris", "confidence": "high"}',
      { text: expect.any(String), confidence: undefined, source: undefined },
    ],
    ['{"answer": "Paris", "confidence": 80}', { text: 'Paris', confidence: undefined, source: 'stated' }],
  ])('is read from %s', async (reply, expected) => {
    expect(await ask(statedConfidence(defineModel('m', () => reply)))).toStrictEqual(expected);
  });

  it('is asked for by a schema around that of the answer, and by an instruction behind the system prompt', async () => {
    const requests: ModelRequest[] = [];
    const model = defineModel('m', (_question, { request }) => {
      requests.push(request);
      return '{"answer": "x", "confidence": 1}';
    });
    await createEnsemble({ models: [statedConfidence(model)] }).predict({
      system: 'Be brief.',
      messages: [{ role: 'user', content: 'q' }],
    });
    expect(requests).toHaveLength(1);
    expect(requests[0]?.system).toMatch(/^Be brief\.\n\n.*"confidence"/s);
    expect(requests[0]?.answerSchema).toMatchObject({ required: ['answer', 'confidence'] });
  });
});

describe('a computed confidence', () => {
  it("replaces the model's own confidence, and has its source", async () => {
    const model = defineModel('m', () => ({ text: 'Paris', confidence: 0.2 }));
    const computed = withConfidence(model, ({ text }, { prompt }) => text.length / (10 * prompt.length));
    expect(await ask(computed)).toStrictEqual({ text: 'Paris', confidence: 0.5, source: 'function' });
  });

  it('may be missing', async () => {
    expect(
      await ask(
        withConfidence(
          defineModel('m', () => 'x'),
          () => undefined,
        ),
      ),
    ).toStrictEqual({
      text: 'x',
      confidence: undefined,
      source: 'function',
    });
  });
});

describe('samples of one model', () => {
  it('are calls of their own, and their agreement is the confidence of the model that they make up', async () => {
    const samples: (number | undefined)[] = [];
    const model = defineModel('m', (_question, { request }) => {
      samples.push(request.sample);
      return request.sample === 3 ? 'Lyon' : 'Paris';
    });
    const consistent = createEnsemble({ models: [model], samples: 5 }).asModel('m×5');
    expect(await ask(consistent)).toStrictEqual({ text: 'Paris', confidence: 0.8, source: 'agreement' });
    expect(samples).toStrictEqual([0, 1, 2, 3, 4]);
  });
});
