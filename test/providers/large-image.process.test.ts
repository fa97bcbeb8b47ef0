import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { type FaultServer, json, startFaultServer } from '../../src/testing/testing.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const IMAGE_BYTES = 20_000_000;

/** What a process tells after it has asked three models about an image, in units of the size of the image as base64. */
interface Measured {
  readonly encodings: number;
  readonly peakPerCall: number;
  readonly left: number;
}

/** Asks three models about a large image, and measures the memory that is in use while the calls are in flight. */
const measure = async (server: FaultServer, options: string): Promise<Measured> => {
  const program = `
    const { createEnsemble } = await import('${root}src/index.ts');
    const { openaiCompatible } = await import('${root}src/providers/openai-compatible.ts');
    let encodings = 0;
    const { from } = Buffer;
    Buffer.from = (...given) => {
      if (given[2] === ${IMAGE_BYTES}) encodings += 1;
      return from(...given);
    };
    const ensemble = createEnsemble({
      models: ['a', 'b', 'c'].map((id) =>
        openaiCompatible('m', { id, baseURL: '${server.baseURL}/v1', ${options} })),
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
      peakPerCall: (peak - before) / unit / 3,
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

it.each([
  ['undici', ''],
  ['fetch', 'fetch: globalThis.fetch'],
])(
  'encodes a large image once for all models, holds at most four times its size for each call, and nothing afterwards: %s',
  { timeout: 60_000 },
  async (_transport, options) => {
    const server = await startFaultServer();
    server.script(json({ choices: [{ index: 0, message: { content: 'a cat' }, finish_reason: 'stop' }] }));
    try {
      const { encodings, peakPerCall, left } = await measure(server, options);
      expect(server.requests).toHaveLength(6);
      expect(server.requests[5]?.body.length).toBeGreaterThan((IMAGE_BYTES * 4) / 3);
      expect(encodings).toBe(1);
      // More than its share of the image as base64, or nothing was measured.
      expect(peakPerCall).toBeGreaterThan(1 / 3);
      expect(peakPerCall).toBeLessThan(4);
      expect(left).toBeLessThan(0.25);
    } finally {
      await server.close();
    }
  },
);
