import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { runCommand } from './run-command.ts';

const servers: Server[] = [];

/** Starts an Ollama with these models; each answers with its own name. */
const startOllama = async (names: readonly string[], delayMs = 0): Promise<string> => {
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    if (request.url === '/api/tags') {
      setTimeout(() => response.end(JSON.stringify({ models: names.map((name) => ({ name })) })), delayMs);
      return;
    }
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const { model } = JSON.parse(body) as { model: string };
      const message = { role: 'assistant', content: `I am ${model}` };
      const usage = { prompt_tokens: 3, completion_tokens: 4 };
      response.end(
        JSON.stringify({ id: 'x', model, choices: [{ index: 0, message, finish_reason: 'stop' }], usage }),
      );
    });
  });
  servers.push(server);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
});

describe('the models of the command line', () => {
  it('are up to three models of a running Ollama if there are no keys', async () => {
    const env = { OLLAMA_HOST: await startOllama(['llama3.2', 'qwen3', 'gemma3', 'phi4']) };
    const { code, stdout, stderr } = await runCommand(['predict', 'Who are you?', '--json'], { env });
    expect(stderr).toBe(
      'No API keys found: using ollama/llama3.2, ollama/qwen3, and ollama/gemma3 (installed in Ollama)\n',
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      text: 'I am llama3.2',
      metadata: { modelsUsed: ['ollama/llama3.2', 'ollama/qwen3', 'ollama/gemma3'], successes: 3 },
    });
  });

  it('are the named models', async () => {
    const env = { OLLAMA_HOST: await startOllama([]) };
    const { code, stdout, stderr } = await runCommand(['Who are you?', '--models', 'ollama/phi4', '--json'], {
      env,
    });
    expect({ code, stderr }).toStrictEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ text: 'I am phi4' });
  });

  it('are refused together with every unknown name and missing key', async () => {
    const { code, stderr } = await runCommand(['?', '--models', 'openai/gpt-6-luna,gpt,gemini_flash']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/3 problems/);
    expect(stderr).toMatch(/- there is no key for openai: set OPENAI_API_KEY\n/);
    expect(stderr).toMatch(/- there is no model "gpt"/);
    expect(stderr).toMatch(/- there is no key for google: set GEMINI_API_KEY or GOOGLE_API_KEY\n/);
  });

  it.each([
    ['there is no Ollama', async () => 'http://127.0.0.1:9', 'start Ollama (none at http://127.0.0.1:9)'],
    ['Ollama has no model', () => startOllama([]), 'install a model in Ollama'],
  ])('are none, and no simulated ones, if there are no keys and %s', async (_, host, advice) => {
    const env = { OLLAMA_HOST: await host() };
    expect(await runCommand(['What is 2 + 2?', '--json'], { env })).toEqual({
      code: 2,
      stdout: '',
      stderr: `crucible-ensemble: there is no model to ask: set GEMINI_API_KEY, OPENAI_API_KEY, or ANTHROPIC_API_KEY, ${advice}, or pass --simulate 3 for models that can only do arithmetic\nSee crucible-ensemble predict --help.\n`,
    });
  });

  it('are found in an Ollama that takes a second to list them', async () => {
    const env = { OLLAMA_HOST: await startOllama(['phi4'], 1000) };
    const { stdout } = await runCommand(['Who are you?', '--json'], { env });
    expect(JSON.parse(stdout)).toMatchObject({ text: 'I am phi4' });
  });
});

describe('the list of models', () => {
  it('has a row for every model of the catalog, with its short name and its prices', async () => {
    const { code, stdout } = await runCommand(['models']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^openai\/gpt-6-luna +openai_gpt4o_mini +cheap +0\.10 +0\.50 /m);
    expect(stdout).toMatch(/^openai\/gpt-4 .*was shut down on 2026-10-23: use openai\/gpt-6\.1-sol$/m);
  });

  it('is printed as JSON for programs', async () => {
    const { stdout } = await runCommand(['models', '--json']);
    expect(JSON.parse(stdout)).toContainEqual(
      expect.objectContaining({ name: 'openai/gpt-6-luna', tier: 'cheap', inputPerMillionUsd: 0.1 }),
    );
  });
});
