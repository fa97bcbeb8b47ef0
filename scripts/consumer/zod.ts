/** Answers that a schema of zod describes, and what is sent of it. */
import assert from 'node:assert/strict';
import { createEnsemble, defineModel, NoPredictionError, schema } from 'crucible-ensemble';
import { openaiCompatible } from 'crucible-ensemble/openai-compatible';
import { json, startFaultServer } from 'crucible-ensemble/testing';
import * as z from 'zod';
import type { Checks } from './checks.ts';

const City = z.object({ city: z.string(), people: z.number().optional() });

/** Asks a server for an answer, and returns the answer and the body of the request. */
const askServer = async (text: string) => {
  const server = await startFaultServer();
  try {
    const message = { role: 'assistant', content: text };
    server.script(json({ choices: [{ index: 0, message, finish_reason: 'stop' }] }));
    const model = openaiCompatible('llama', { baseURL: `${server.baseURL}/v1`, apiKey: 'none' });
    const { answer } = await createEnsemble({ models: [model], normalization: schema(City) }).predict('?');
    return { answer, sent: server.requests[0]?.body ?? '' };
  } finally {
    await server.close();
  }
};

export const checks: Checks = {
  'reads an answer, with the type of the schema': async () => {
    const model = defineModel('capitals', () => '```json\n{"city": "Paris", "sure": true}\n```');
    const { answer } = await createEnsemble({ models: [model], normalization: schema(City) }).predict('?');
    const city: string = answer.city;
    assert.equal(city, 'Paris');
    assert.deepEqual(answer, { city: 'Paris' });
  },
  'reads words, numbers, unions and transformed values': () => {
    assert.equal(schema(z.enum(['yes', 'no']))('yes'), 'yes');
    assert.equal(schema(z.number())('42'), 42);
    assert.deepEqual(schema(z.union([z.object({ a: z.number() }), z.string()]))('{"a": 1}'), { a: 1 });
    assert.deepEqual(schema(z.object({ a: z.string().transform(Number) }))('{"a": "1"}'), { a: 1 });
  },
  'abstains, with the issue, if an answer does not fit': async () => {
    const model = defineModel('capitals', () => '{"city": 75}');
    const error = await createEnsemble({ models: [model], normalization: schema(City) })
      .predict('?')
      .catch((failure: unknown) => failure);
    assert.ok(error instanceof NoPredictionError);
    const [outcome] = error.outcomes;
    assert.match(outcome?.status === 'abstained' ? outcome.reason : '', /city/);
  },
  'sends the schema to a provider as JSON Schema': async () => {
    const { answer, sent } = await askServer('{"city": "Paris", "people": 2000000}');
    assert.deepEqual(answer, { city: 'Paris', people: 2_000_000 });
    const { response_format: format } = JSON.parse(sent) as { response_format?: unknown };
    assert.match(JSON.stringify(format), /"people":\{"type":"number"\}/);
  },
};
