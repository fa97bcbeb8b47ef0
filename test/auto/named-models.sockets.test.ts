import { lastValueFrom } from 'rxjs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { modelOf } from '../../src/auto/auto.ts';
import type { ModelSpec } from '../../src/auto/model-spec.ts';
import { toRequest } from '../../src/engine/to-request.ts';
import { openaiChat } from '../../src/testing/dialects/openai-chat.ts';
import { openaiResponses } from '../../src/testing/dialects/openai-responses.ts';
import { type FaultServer, startFaultServer } from '../../src/testing/fault-server.ts';
import { json } from '../../src/testing/replies.ts';

let server: FaultServer;

beforeEach(async () => {
  server = await startFaultServer();
  server.answer(({ path }) =>
    json((path.endsWith('/responses') ? openaiResponses : openaiChat).answer({ text: '391' })),
  );
});

afterEach(() => server.close());

const reasoningEffort = 'low';

it.each<readonly [what: string, spec: ModelSpec, path: string, body: object]>([
  [
    'a model of OpenAI that has no chat completions',
    { model: 'openai/gpt-5-codex', settings: { reasoningEffort } },
    '/v1/responses',
    { model: 'gpt-5-codex', reasoning: { effort: 'low' } },
  ],
  [
    'another model of OpenAI',
    { model: 'openai/gpt-5.1', settings: { reasoningEffort } },
    '/v1/chat/completions',
    { model: 'gpt-5.1', reasoning_effort: 'low' },
  ],
  [
    'another model of OpenAI whose settings choose the Responses API',
    {
      model: 'openai/gpt-5.1',
      settings: { api: 'responses', reasoningEffort, parameters: { reasoning: { summary: 'auto' } } },
    },
    '/v1/responses',
    { model: 'gpt-5.1', reasoning: { effort: 'low', summary: 'auto' } },
  ],
  [
    'a model of a local server whose settings choose it',
    { model: 'ollama/gpt-oss', settings: { api: 'responses', maxOutputTokens: 64 } },
    '/v1/responses',
    { model: 'gpt-oss', max_output_tokens: 64 },
  ],
])('calls %s', async (_what, spec, path, body) => {
  const model = modelOf({ ...spec, apiKey: 'a key', baseURL: `${server.baseURL}/v1` });
  expect(await lastValueFrom(model.call(toRequest('What is 17 * 23?')))).toMatchObject({ text: '391' });
  const [request] = server.requests;
  expect(request?.path).toBe(path);
  expect(request?.json()).toMatchObject(body);
});
