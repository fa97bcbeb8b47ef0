import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { createEnsemble, defineModel } from '../../../src/index.ts';
import { instrument } from '../../../src/telemetry/opentelemetry.ts';
import { createRecorder, useContexts } from './recorder.ts';

useContexts();

it('the context of a real request over a socket is that of its call', async () => {
  const recorder = createRecorder();
  const server = createServer((_, response) => response.end('4'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const model = defineModel('remote', async (_, { signal }) => {
    const response = await fetch(url, { signal, headers: { connection: 'close' } });
    recorder.tracer.startSpan('read').end();
    return response.text();
  });
  const ensemble = createEnsemble({ models: [model] });
  instrument(ensemble, recorder.providers);
  await recorder.tracer.startActiveSpan('request', async (span) => {
    await ensemble.predict('?');
    span.end();
  });
  expect(recorder.tree()[0]).toBe('request > invoke_workflow ensemble > chat remote > read');
  await new Promise((resolve) => server.close(resolve));
});
