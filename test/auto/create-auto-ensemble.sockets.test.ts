import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { createAutoEnsemble, predict, predictStream } from '../../src/auto/auto.ts';

it('createAutoEnsemble sends nothing when there is a fault, and nothing before the first question', async () => {
  let connections = 0;
  const server = createServer().on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const options = {
    apiKeys: { google: 'g-key', openai: 'o-key', anthropic: 'a-key' },
    baseURLs: { google: baseURL, openai: baseURL, anthropic: baseURL },
  };
  createAutoEnsemble(options);
  predictStream('What?', options);
  expect(() => createAutoEnsemble({ ...options, models: ['openai_gpt4o', 'none'] })).toThrow('none');
  await expect(predict('What?', { ...options, timeoutMs: -1 })).rejects.toThrow('timeoutMs');
  await new Promise((resolve) => server.close(resolve));
  expect(connections).toBe(0);
});
