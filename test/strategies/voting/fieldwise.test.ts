import { describe, expect, it } from 'vitest';
import { createEnsemble, defineModel, fieldwise } from '../../../src/index.ts';

const panel = (...texts: readonly string[]) =>
  createEnsemble({
    models: texts.map((text, index) => defineModel(`model-${index}`, () => text)),
    normalization: 'json',
    strategy: fieldwise(),
  });

describe('fieldwise', () => {
  it('puts the answer together from the values that most models gave to each field', async () => {
    const { answer, text, metadata } = await panel('{"a":1,"b":2}', '{"a":1,"b":3}', '{"a":9,"b":3}').predict(
      '?',
    );
    expect(answer).toStrictEqual({ a: 1, b: 3 });
    expect(text).toBe('{"a":1,"b":3}');
    expect(metadata.consensus).toBeCloseTo(2 / 3);
    expect(metadata.votes).toStrictEqual({ 'a=1': 2, 'a=9': 1, 'b=2': 1, 'b=3': 2 });
  });

  it('answers with what no single model said, and then says it as JSON', async () => {
    const { answer, text } = await panel(
      '{"a":1,"b":0,"c":1}',
      '{"a":1,"b":1,"c":0}',
      '{"a":0,"b":1,"c":1}',
    ).predict('?');
    expect(answer).toStrictEqual({ a: 1, b: 1, c: 1 });
    expect(text).toBe('{"a":1,"b":1,"c":1}');
  });

  it('leaves out a field that most answers leave out', async () => {
    const { answer } = await panel('{"a":1,"note":"x"}', '{"a":1}', '{"a":1}').predict('?');
    expect(answer).toStrictEqual({ a: 1 });
  });

  it('has no winner among answers that are no objects', async () => {
    await expect(panel('[1]', '[1]').predict('?')).rejects.toThrow('fieldwise found no winner');
  });

  it('treats a field named __proto__ as a name', async () => {
    const { answer } = await panel('{"__proto__":{"x":1}}', '{"__proto__":{"x":1}}').predict('?');
    expect(Object.keys(answer as object)).toStrictEqual(['__proto__']);
    expect(({} as { x?: number }).x).toBeUndefined();
  });

  it('is decided once no field can change', async () => {
    const { metadata, answer } = await createEnsemble({
      models: ['{"a":1}', '{"a":1}', '{"a":2}'].map((text, index) =>
        defineModel(`model-${index}`, () => text),
      ),
      normalization: 'json',
      strategy: fieldwise(),
      execution: 'sequential',
      earlyStop: 'decided',
    }).predict('?');
    expect(answer).toStrictEqual({ a: 1 });
    expect(metadata.modelsUsed).toStrictEqual(['model-0', 'model-1']);
  });

  it('is not decided while any field can change', async () => {
    const { metadata, answer } = await createEnsemble({
      models: ['{"a":1,"b":2}', '{"a":1,"b":3}', '{"a":1,"b":3}'].map((text, index) =>
        defineModel(`model-${index}`, () => text),
      ),
      normalization: 'json',
      strategy: fieldwise(),
      execution: 'sequential',
      earlyStop: 'decided',
    }).predict('?');
    expect(answer).toStrictEqual({ a: 1, b: 3 });
    expect(metadata.modelsUsed).toHaveLength(3);
  });
});
