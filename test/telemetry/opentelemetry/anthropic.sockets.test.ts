import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { trace } from '@opentelemetry/api';
import { afterEach, expect, it } from 'vitest';
import { createEnsemble } from '../../../src/index.ts';
import { anthropic } from '../../../src/providers/anthropic.ts';
import { instrument } from '../../../src/telemetry/opentelemetry.ts';
import { createRecorder, useContexts } from './recorder.ts';

useContexts();

afterEach(() => {
  trace.disable();
});

const message = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-haiku-4-5-20251001',
  content: [{ type: 'text', text: 'Paris' }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: { input_tokens: 12, output_tokens: 3 },
};

it('the SDK of Anthropic makes no span of its own beside that of its call', async () => {
  const recorder = createRecorder();
  trace.setGlobalTracerProvider(recorder.providers.tracerProvider);
  const server = createServer((request, response) => {
    request.resume();
    response.setHeader('content-type', 'application/json').setHeader('connection', 'close');
    response.end(JSON.stringify(message));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const model = anthropic('claude-haiku-4-5', { apiKey: 'a key', baseURL });
  const ensemble = createEnsemble({ models: [model] });
  instrument(ensemble);
  await ensemble.predict('What is the capital of France?');
  await new Promise((resolve) => server.close(resolve));

  expect(recorder.tree()).toEqual([
    'invoke_workflow ensemble > chat claude-haiku-4-5',
    'invoke_workflow ensemble',
  ]);
  expect(recorder.span('chat claude-haiku-4-5').attributes).toMatchObject({
    'gen_ai.provider.name': 'anthropic',
    'gen_ai.request.model': 'claude-haiku-4-5',
    'gen_ai.response.model': 'claude-haiku-4-5-20251001',
    'gen_ai.response.id': 'msg_1',
    'gen_ai.usage.input_tokens': 12,
    'gen_ai.usage.output_tokens': 3,
    'gen_ai.response.finish_reasons': ['stop'],
  });
});
