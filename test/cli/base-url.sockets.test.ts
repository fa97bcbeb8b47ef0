import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { predict } from '../../src/auto/auto.ts';
import { fileOf } from './recording.ts';
import { runCommand } from './run-command.ts';

interface Received {
  readonly headers: IncomingMessage['headers'];
  readonly body: Readonly<Record<string, unknown>>;
}

const servers: Server[] = [];

/** Starts a server with OpenAI's protocol that answers every question with 391. */
const startServer = async (): Promise<{ readonly url: string; readonly received: Received[] }> => {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      received.push({ headers: request.headers, body: JSON.parse(body) });
      const message = { role: 'assistant', content: '{"answer": "391", "confidence": 0.8}' };
      const choices = [{ index: 0, message, finish_reason: 'stop' }];
      const usage = { prompt_tokens: 1_000_000, completion_tokens: 0 };
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ id: 'x', model: 'served-2026-11-01', choices, usage }));
    });
  });
  servers.push(server);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, received };
};

afterEach(async () => {
  vi.unstubAllEnvs();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
});

const keys = { OPENAI_API_KEY: 'sk-of-openai', GROQ_API_KEY: 'sk-of-groq' };
const stubKeys = (): void => {
  for (const [name, value] of Object.entries(keys)) vi.stubEnv(name, value);
};

describe('a server of one’s own on the command line', () => {
  it.each(['groq/llama', 'qwen3'])('gets no key of a provider, for %s', async (name) => {
    stubKeys();
    const { url, received } = await startServer();
    const argv = ['What is 17 * 23?', '-m', name, '--base-url', url, '-n', 'numeric', '--json'];
    const { code, stdout } = await runCommand(argv, { env: keys });
    expect({ code, answer: JSON.parse(stdout).answer }).toEqual({ code: 0, answer: 391 });
    expect(JSON.stringify(received)).not.toContain('sk-of');
  });

  it('stands for OpenAI only with a key of its own', async () => {
    const { url, received } = await startServer();
    const argv = ['What?', '-m', 'openai/gpt-6-luna', '--base-url', url];
    const { code, stderr } = await runCommand(argv, { env: keys });
    expect(stderr).toContain(
      'there is no key for openai at this base URL: pass --api-key-env, or "apiKey" in a file, because',
    );
    expect({ code, received }).toEqual({ code: 2, received: [] });
  });

  it('gets the key and the settings that it is told', async () => {
    stubKeys();
    const { url, received } = await startServer();
    const settings = ['--provider-option', 'temperature=0', '--provider-option', 'parameters.seed=7'];
    const argv = ['-m', 'qwen3', '--base-url', url, '--api-key-env', 'MINE', '--system', 'Be brief.'];
    const { code } = await runCommand([...argv, ...settings, 'What is 17 * 23?'], {
      env: { ...keys, MINE: 'my-own' },
    });
    expect(code).toBe(0);
    expect(received).toMatchObject([
      {
        headers: { authorization: 'Bearer my-own' },
        body: {
          model: 'qwen3',
          temperature: 0,
          seed: 7,
          messages: [{ role: 'system', content: 'Be brief.' }, {}],
        },
      },
    ]);
  });

  it('is described in a file, with its price and its confidence', async () => {
    const { url, received } = await startServer();
    const price = { inputPerMillionUsd: 2, outputPerMillionUsd: 4 };
    const names = { mine: { model: 'qwen3', baseURL: url, price, confidence: 'stated' } };
    const path = fileOf(JSON.stringify({ names, models: ['mine'], normalization: 'numeric' }), 'e.json');
    const { stdout } = await runCommand(['What is 17 * 23?', '--ensemble', path, '--json'], { env: keys });
    expect(JSON.parse(stdout)).toMatchObject({
      answer: 391,
      metadata: { costUsd: 2, confidence: 0.8 },
      outcomes: [{ model: 'mine', servedBy: 'openai-compatible/served-2026-11-01' }],
    });
    expect(received).toHaveLength(1);
  });

  it('is not asked under a limit of money without its price', async () => {
    const { url, received } = await startServer();
    const argv = ['What is 17 * 23?', '-m', 'qwen3,qwen4', '--base-url', url, '--max-usd', '1'];
    const { code, stderr } = await runCommand(argv);
    expect(code).toBe(2);
    for (const id of ['qwen3', 'qwen4'])
      expect(stderr).toContain(
        `--max-usd needs the price of every model, but that of "${id}" is unknown: state it as "price" of the model in a file for --ensemble, or remove --max-usd`,
      );
    expect(received).toHaveLength(0);
  });

  it('is not asked beyond a limit of money', async () => {
    const { url, received } = await startServer();
    const argv = [
      '--lines',
      '-m',
      'openai/gpt-6-luna',
      '--base-url',
      url,
      '--api-key-env',
      'MINE',
      '--max-usd',
      '0.25',
      '--concurrency',
      '1',
    ];
    const { code, stderr } = await runCommand([...argv, '-n', 'numeric'], {
      input: 'a\nb\nc\nd\ne\n',
      env: { MINE: 'my-own' },
    });
    // A call costs 0.10 USD.
    expect(received.length).toBeLessThanOrEqual(3);
    expect(received.length).toBeGreaterThan(0);
    expect(stderr).toMatch(/5 questions: \d answered, \d without an answer/);
    expect(code).toBe(1);
  });
});

it('predict three times with equal options and a cache is one request', async () => {
  const { url, received } = await startServer();
  for (let time = 0; time < 3; time += 1) {
    const { answer } = await predict('What is 17 * 23?', {
      cache: true,
      models: ['openai_gpt4o_mini'],
      apiKeys: { openai: 'key' },
      baseURLs: { openai: url },
      normalization: 'numeric',
    });
    expect(answer).toBe(391);
  }
  expect(received).toHaveLength(1);
  expect(received[0]?.headers.authorization).toBe('Bearer key');
});
