import { afterEach, beforeEach, expect, test } from 'vitest';
import { ensembleModel } from '../../src/ai-sdk/ai-sdk.ts';
import type { Ensemble } from '../../src/index.ts';
import { type FaultServer, startFaultServer } from '../../src/testing/fault-server.ts';
import { panels, upstreamReply } from '../server/panels.ts';
import { partsOf, promptOf } from './calls.ts';

let server: FaultServer;
let ensembles: Readonly<Record<string, Ensemble>>;

beforeEach(async () => {
  server = await startFaultServer();
  server.answer(upstreamReply);
  ensembles = panels(server.baseURL);
});
afterEach(() => server.close());

const prompt = promptOf('What is 2 + 2?');
const modelOf = (name: string) => ensembleModel(ensembles[name] as Ensemble);

/** Waits until the upstream has received a request for each member. */
const receivedAll = () => Promise.all([0, 1, 2].map(server.seen));

test('an abort closes the sockets of all members, and throws the reason of the signal', async () => {
  const controller = new AbortController();
  const result = modelOf('slow').doGenerate({ prompt, abortSignal: controller.signal });
  const requests = await receivedAll();
  const reason = new Error('the user left');
  controller.abort(reason);
  await expect(result).rejects.toBe(reason);
  await Promise.all(requests.map(({ abandoned }) => abandoned));
  expect(server.requests).toHaveLength(3);
});

test('an abort of a stream closes the sockets, and is the error of the stream', async () => {
  const controller = new AbortController();
  const { stream } = await modelOf('slow').doStream({ prompt, abortSignal: controller.signal });
  const parts = partsOf(stream);
  const requests = await receivedAll();
  const reason = new Error('the user left');
  controller.abort(reason);
  await expect(parts).rejects.toBe(reason);
  await Promise.all(requests.map(({ abandoned }) => abandoned));
  expect(server.requests).toHaveLength(3);
});

test('a reader that leaves closes the sockets', async () => {
  const { stream } = await modelOf('slow').doStream({ prompt });
  const requests = await receivedAll();
  await stream.cancel();
  await Promise.all(requests.map(({ abandoned }) => abandoned));
  expect(server.requests).toHaveLength(3);
});

test('the tokens are the sum of those that the upstream reported', async () => {
  const { usage, content } = await modelOf('panel').doGenerate({ prompt });
  expect(content).toStrictEqual([{ type: 'text', text: 'It is 4.' }]);
  expect(usage).toMatchObject({
    inputTokens: { total: 30, cacheRead: 12, noCache: 18 },
    outputTokens: { total: 6 },
  });
  expect(server.requests).toHaveLength(3);
});

test('a failure asks each member once', async () => {
  await expect(modelOf('broken').doGenerate({ prompt })).rejects.toMatchObject({ isRetryable: false });
  expect(server.requests).toHaveLength(3);
});
