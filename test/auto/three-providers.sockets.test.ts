import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { LLMock } from '@copilotkit/aimock';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAutoEnsemble, predict, predictStream } from '../../src/auto/auto.ts';
import { genaiPrices } from '../../src/catalog/genai-prices.ts';
import { defineModel } from '../../src/index.ts';

// Three official SDKs over real sockets, each through a wire of its own that shows what goes over it, and on the
// other side one server for all three.

interface Connection {
  sent: string;
  bytesBack: number;
  /** Whether the SDK has closed it. */
  isClosed: boolean;
}

interface Wire {
  readonly port: number;
  readonly server: Server;
  readonly connections: Connection[];
  readonly sockets: Socket[];
}

/** The connections that a request was sent over. After an abort, Node's `fetch` opens another and sends nothing. */
const used = ({ connections }: Wire): readonly Connection[] => connections.filter(({ sent }) => sent !== '');

const startWire = async (targetPort: number): Promise<Wire> => {
  const connections: Wire['connections'] = [];
  const sockets: Socket[] = [];
  const server = createServer((near) => {
    const connection: Connection = { sent: '', bytesBack: 0, isClosed: false };
    connections.push(connection);
    const far = connect(targetPort, '127.0.0.1');
    sockets.push(near, far);
    for (const socket of [near, far]) socket.on('error', () => undefined);
    near.on('data', (bytes) => {
      connection.sent += bytes.toString('latin1');
    });
    far.on('data', (bytes) => {
      connection.bytesBack += bytes.length;
    });
    near.on('close', () => {
      connection.isClosed = true;
    });
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, server, connections, sockets };
};

/** The first call of a process imports an SDK, which takes its time on a busy machine. */
const eventually = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 20_000 });

const QUESTION = 'What is 17 * 23?';
const apiKeys = { openai: 'sk-openai', anthropic: 'sk-anthropic', google: 'sk-google' };

/** What the server says it used, by model. */
const served = {
  gemini_flash: { modelId: 'gemini-3.5-flash-lite', inputTokens: 1_111, outputTokens: 78 },
  openai_gpt4o_mini: { modelId: 'gpt-6-luna', inputTokens: 1_234, outputTokens: 35 },
  anthropic_haiku: { modelId: 'claude-haiku-5-5', inputTokens: 1_357, outputTokens: 57 },
};

/** In USD per million tokens, from the price pages of the providers. */
const rates = {
  gemini_flash: { input: 0.3, output: 2.5 },
  openai_gpt4o_mini: { input: 0.1, output: 0.5 },
  anthropic_haiku: { input: 0.1, output: 0.5 },
};

const names = ['gemini_flash', 'openai_gpt4o_mini', 'anthropic_haiku'] as const;

const microUsd = (name: (typeof names)[number]): number =>
  served[name].inputTokens * rates[name].input + served[name].outputTokens * rates[name].output;

let mock: LLMock;
let wires: Record<'google' | 'openai' | 'anthropic', Wire>;
let baseURLs: Record<string, string>;
/** Lets the server give the answers that it holds back. */
let release: () => void;
let released: Promise<void>;

const noWait = async (): Promise<void> => undefined;

const answer = (name: (typeof names)[number], content: string, when = noWait): void => {
  const { modelId, inputTokens, outputTokens } = served[name];
  const usage = {
    gemini_flash: { promptTokenCount: inputTokens, candidatesTokenCount: outputTokens },
    openai_gpt4o_mini: { prompt_tokens: inputTokens, completion_tokens: outputTokens },
    anthropic_haiku: { input_tokens: inputTokens, output_tokens: outputTokens },
  }[name];
  mock.on({ model: modelId, userMessage: QUESTION }, async () => {
    await when();
    return { content, usage };
  });
};

beforeEach(async () => {
  mock = new LLMock({ port: 0, latency: 0, logLevel: 'silent' });
  await mock.start();
  const port = Number(new URL(mock.url).port);
  wires = { google: await startWire(port), openai: await startWire(port), anthropic: await startWire(port) };
  baseURLs = {
    google: `http://127.0.0.1:${wires.google.port}`,
    openai: `http://127.0.0.1:${wires.openai.port}/v1`,
    anthropic: `http://127.0.0.1:${wires.anthropic.port}`,
  };
  released = new Promise((resolve) => {
    release = resolve;
  });
});

afterEach(async () => {
  release();
  for (const { server, sockets } of Object.values(wires)) {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
  await mock.stop();
});

describe('three providers behind three SDKs', () => {
  it('vote, and cost the sum of what the served usage costs, to the micro-dollar', async () => {
    answer('gemini_flash', 'It is 391.');
    answer('openai_gpt4o_mini', '391');
    answer('anthropic_haiku', '#### 401');

    const prediction = await predict(QUESTION, { apiKeys, baseURLs, normalization: 'numeric' });

    expect(prediction.answer).toBe(391);
    expect(prediction.metadata.votes).toEqual({ 391: 2, 401: 1 });
    expect(prediction.metadata).toMatchObject({ modelsUsed: names, successes: 3, cancelled: 0 });
    expect(prediction.metadata.costSource).toBe('reported');
    const total = names.reduce((sum, name) => sum + microUsd(name), 0);
    expect((prediction.metadata.costUsd ?? 0) * 1e6).toBeCloseTo(total, 6);
    for (const name of names) {
      expect((prediction.metadata.costBreakdown[name] ?? 0) * 1e6, name).toBeCloseTo(microUsd(name), 6);
    }
    expect(mock.getRequests()).toHaveLength(3);
  });

  it('end early once the outcome is decided: the third socket is closed by us, its call cancelled at an estimate', async () => {
    // The two that agree wait until the third has been asked.
    const thirdIsAsked = async (): Promise<void> => {
      await eventually(() => expect(used(wires.anthropic)).toHaveLength(1));
    };
    answer('gemini_flash', '391', thirdIsAsked);
    answer('openai_gpt4o_mini', '391', thirdIsAsked);
    answer('anthropic_haiku', '391', () => released);

    const prediction = await predict(QUESTION, {
      apiKeys,
      baseURLs,
      strategy: 'majority',
      normalization: 'numeric',
      earlyStop: 'decided',
    });

    expect(prediction.answer).toBe(391);
    expect(prediction.metadata).toMatchObject({ successes: 2, cancelled: 1, costSource: 'estimated' });
    const cancelled = prediction.outcomes[2];
    expect(cancelled).toMatchObject({
      model: 'anthropic_haiku',
      status: 'cancelled',
      costSource: 'estimated',
    });
    // What it has read is billed: the question, at the price of its model. It had not written anything.
    const counted = genaiPrices().countTokens(QUESTION);
    expect((cancelled?.costUsd ?? 0) * 1e6).toBeCloseTo(counted * rates.anthropic_haiku.input, 0);
    expect(cancelled?.costUsd).toBeGreaterThan(0);
    const total = microUsd('gemini_flash') + microUsd('openai_gpt4o_mini') + (cancelled?.costUsd ?? 0) * 1e6;
    expect((prediction.metadata.costUsd ?? 0) * 1e6).toBeCloseTo(total, 6);

    // The server still holds its answer back, so only an abort can have closed the connection.
    await eventually(() => expect(used(wires.anthropic)).toMatchObject([{ isClosed: true, bytesBack: 0 }]));
    for (const wire of [wires.google, wires.openai]) {
      expect(used(wire)).toMatchObject([{ bytesBack: expect.any(Number), isClosed: false }]);
    }
  });

  it('stream their answers piece by piece, at the same cost', async () => {
    for (const name of names) answer(name, 'The answer is 391.');

    const pieces: Record<string, string> = {};
    const stream = predictStream(QUESTION, { apiKeys, baseURLs, normalization: 'numeric' });
    for await (const event of stream) {
      if (event.type === 'delta') pieces[event.model] = (pieces[event.model] ?? '') + event.text;
      if (event.type !== 'complete') continue;
      const total = names.reduce((sum, name) => sum + microUsd(name), 0);
      expect(event.prediction.answer).toBe(391);
      expect((event.prediction.metadata.costUsd ?? 0) * 1e6).toBeCloseTo(total, 6);
    }
    expect(pieces).toEqual(Object.fromEntries(names.map((name) => [name, 'The answer is 391.'])));
  });

  it('close all three sockets when the caller unsubscribes', async () => {
    for (const name of names) answer(name, '391', () => released);
    const subscription = createAutoEnsemble({ apiKeys, baseURLs }).predict$(QUESTION).subscribe();
    const all = (): readonly Connection[] => Object.values(wires).flatMap(used);
    await eventually(() => expect(all()).toHaveLength(3));
    subscription.unsubscribe();
    const closed = { isClosed: true, bytesBack: 0 };
    await eventually(() => expect(all()).toMatchObject([closed, closed, closed]));
  });

  it('are asked with the keys that were passed, each with its own', async () => {
    for (const name of names) answer(name, '391');
    await predict(QUESTION, { apiKeys, baseURLs });
    for (const [provider, wire] of Object.entries(wires)) {
      const sent = used(wire).map((connection) => connection.sent);
      expect(sent).toHaveLength(1);
      const keys = Object.values(apiKeys).filter((key) => sent[0]?.includes(key));
      expect(keys).toEqual([`sk-${provider}`]);
    }
  });

  it('may be joined by any server that speaks the protocol, and by models of one’s own', async () => {
    answer('openai_gpt4o_mini', '391');
    mock.on({ model: 'llama3.2' }, { content: '391' });
    const { metadata } = await predict(QUESTION, {
      models: ['openai_gpt4o_mini', 'ollama/llama3.2', defineModel('own', () => '391')],
      apiKeys,
      baseURLs: { ...baseURLs, ollama: `${mock.url}/v1` },
    });
    expect(metadata).toMatchObject({ votes: { 391: 3 }, costSource: 'partial' });
    expect(metadata.costBreakdown).toEqual({
      openai_gpt4o_mini: expect.closeTo(microUsd('openai_gpt4o_mini') / 1e6, 12),
      'ollama/llama3.2': undefined,
      own: undefined,
    });
  });
});
