import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type FaultServer, json, stalledBody, startFaultServer } from 'crucible-ensemble/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

let server: FaultServer;

beforeEach(async () => {
  server = await startFaultServer();
});

afterEach(() => server.close());

const candidate = { content: { role: 'model', parts: [{ text: '391' }] }, finishReason: 'STOP' };

const providers = {
  gemini: {
    file: 'gemini',
    model: (baseURL: string) => `gemini('gemini', { apiKey: 'a key', baseURL: '${baseURL}' })`,
    answer: { candidates: [candidate] },
  },
  googleGenAI: {
    file: 'google-genai',
    model: (baseURL: string) => `googleGenAI('gemini', { apiKey: 'a key', baseURL: '${baseURL}' })`,
    answer: { candidates: [candidate] },
  },
  openai: {
    file: 'openai',
    model: (baseURL: string) => `openai('gpt', { apiKey: 'a key', baseURL: '${baseURL}/v1' })`,
    answer: { choices: [{ message: { role: 'assistant', content: '391' }, finish_reason: 'stop' }] },
  },
  anthropic: {
    file: 'anthropic',
    model: (baseURL: string) => `anthropic('claude', { apiKey: 'a key', baseURL: '${baseURL}' })`,
    answer: { content: [{ type: 'text', text: '391' }], stop_reason: 'end_turn' },
  },
};

/** How long a process lives on after it has said its last word, in milliseconds. */
const afterlifeMs = async (
  name: string,
  file: string,
  model: string,
): Promise<{ said: string; ms: number }> => {
  const script = `
    import { createEnsemble } from './src/index.ts';
    import { ${name} } from './src/providers/${file}.ts';
    const ensemble = createEnsemble({ models: [${model}], timeoutMs: 1000 });
    const said = await ensemble.predict('?').then(({ answer }) => answer, (error) => error.name);
    console.log(said);
  `;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], { cwd: root });
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  const saidAtMs = performance.now();
  await once(child, 'exit');
  return { said: said.toString().trim(), ms: performance.now() - saidAtMs };
};

describe.each(Object.entries(providers))('a process that has asked %s', (name, { file, model, answer }) => {
  // Tried again where the machine is busy: what a process leaves behind holds it every time.
  it.each([
    ['an answer', json(answer), '391'],
    ['a time-out', stalledBody(answer, 5), 'AllModelsFailedError'],
  ])('ends within 100 ms of %s', { timeout: 20_000, retry: 2 }, async (_what, reply, expected) => {
    server.script(reply);
    const { said, ms } = await afterlifeMs(name, file, model(server.baseURL));
    expect(said).toBe(expected);
    expect(ms).toBeLessThan(100);
  });
});
