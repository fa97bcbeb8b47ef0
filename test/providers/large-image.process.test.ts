import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { type FaultServer, json, startFaultServer } from '../../src/testing/testing.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const IMAGE_BYTES = 20_000_000;

const REPLIES = {
  chat: { choices: [{ index: 0, message: { content: 'a cat' }, finish_reason: 'stop' }] },
  responses: {
    status: 'completed',
    output: [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'a cat' }] }],
  },
  anthropic: {
    type: 'message',
    content: [{ type: 'text', text: 'a cat' }],
    stop_reason: 'end_turn',
    usage: {},
  },
  google: { candidates: [{ content: { role: 'model', parts: [{ text: 'a cat' }] }, finishReason: 'STOP' }] },
};

/** The file and the name of a provider, its reply, and more of its options. */
type Line = readonly [file: string, name: string, reply: keyof typeof REPLIES, options?: string];

const LINES: Readonly<Record<string, Line>> = {
  'openai-compatible, by undici': ['openai-compatible', 'openaiCompatible', 'chat'],
  'openai-compatible, by fetch': ['openai-compatible', 'openaiCompatible', 'chat', 'fetch: globalThis.fetch'],
  'openai-compatible, responses': ['openai-compatible', 'openaiCompatible', 'responses', "api: 'responses'"],
  'openai, chat': ['openai', 'openai', 'chat', "api: 'chat'"],
  'openai, responses': ['openai', 'openai', 'responses', "api: 'responses'"],
  anthropic: ['anthropic', 'anthropic', 'anthropic'],
  'google-genai': ['google-genai', 'googleGenAI', 'google'],
  gemini: ['gemini', 'gemini', 'google'],
};

/** What a process tells after it has asked models about an image, in units of the size of the image as base64. */
interface Measured {
  readonly encodings: number;
  readonly peakPerCall: number;
  readonly left: number;
}

/** Asks models about a large image, and measures the memory that is in use while the calls are in flight. */
const measure = async (server: FaultServer, line: Line, models: number): Promise<Measured> => {
  const [file, name, reply, options = ''] = line;
  server.script(json(REPLIES[reply]));
  const path = reply === 'chat' || reply === 'responses' ? '/v1' : '';
  const program = `
    const { createEnsemble } = await import('${root}src/index.ts');
    const { ${name} } = await import('${root}src/providers/${file}.ts');
    let encodings = 0;
    const { from } = Buffer;
    Buffer.from = (...given) => {
      if (given[2] === ${IMAGE_BYTES}) encodings += 1;
      return from(...given);
    };
    const ensemble = createEnsemble({
      models: Array.from({ length: ${models} }, (_, index) =>
        ${name}('m', { id: 'm' + index, apiKey: 'k', baseURL: '${server.baseURL}${path}', ${options} })),
    });
    const ask = (data) =>
      ensemble.predict({
        messages: [{ role: 'user', content: [{ type: 'file', mediaType: 'image/png', data }] }],
      });
    const inUse = () => {
      gc();
      const { heapUsed, external } = process.memoryUsage();
      return heapUsed + external;
    };
    await ask(new Uint8Array(9));
    const image = new Uint8Array(${IMAGE_BYTES});
    const before = inUse();
    let peak = before;
    const sampling = setInterval(() => { peak = Math.max(peak, inUse()); }, 5);
    const prediction = await ask(image);
    clearInterval(sampling);
    const unit = ${(IMAGE_BYTES * 4) / 3};
    // What the sockets hold goes when they are done with it.
    for (let turns = 0; turns < 100 && inUse() - before > unit / 4; turns += 1)
      await new Promise((resolve) => setTimeout(resolve, 10));
    console.log(JSON.stringify({
      encodings,
      peakPerCall: (peak - before) / unit / ${models},
      left: (inUse() - before) / unit,
      answer: prediction.answer,
    }));
    process.exit(0);
  `;
  const child = spawn(process.execPath, ['--expose-gc', '--input-type=module', '--eval', program], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output] = await Promise.all([text(child.stdout), once(child, 'close')]);
  return JSON.parse(output) as Measured;
};

it.each(
  Object.entries(LINES).flatMap(([name, line]) => [1, 3].map((models) => [name, models, line] as const)),
)(
  'encodes a large image once for all models, holds at most four times its size for each call, and nothing afterwards: %s, models: %i',
  { timeout: 60_000 },
  async (_name, models, line) => {
    const server = await startFaultServer();
    try {
      const { encodings, peakPerCall, left } = await measure(server, line, models);
      expect(server.requests).toHaveLength(2 * models);
      expect(server.requests.at(-1)?.body.length).toBeGreaterThan((IMAGE_BYTES * 4) / 3);
      expect(encodings).toBe(1);
      // More than its share of the image as base64, or nothing was measured.
      expect(peakPerCall).toBeGreaterThan(1.5);
      // What one call needs besides the image is below a hundredth of its size.
      expect(peakPerCall).toBeLessThan(4 + 0.05 / models);
      expect(left).toBeLessThan(0.25);
    } finally {
      await server.close();
    }
  },
);
