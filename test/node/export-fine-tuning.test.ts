import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigError, createEnsemble, defineModel, type Prediction, simulated } from '../../src/index.ts';
import type { PredictionResult } from '../../src/metrics/metrics.ts';
import { type ExportFineTuningOptions, exportFineTuning } from '../../src/node/node.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fine-tuning-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const lines = (path: string): unknown[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));

/** Returns three models with these texts; `undefined` is a failing model. */
const said = (...texts: (string | undefined)[]): Promise<PredictionResult> =>
  createEnsemble({
    models: texts.map((text, index) =>
      defineModel(`${index}`, () => (text === undefined ? Promise.reject(new Error('down')) : text)),
    ),
    minResponses: 1,
  })
    .predict('Where?')
    .catch((error) => error);

describe('exportFineTuning', () => {
  it('writes agreed answers, and counts the others by reason', async () => {
    const results = await Promise.all([
      said('Here', 'Here', 'Here'),
      said('Here', 'Here', 'There'),
      said('Here', undefined, undefined),
      said(undefined, undefined, undefined),
    ]);
    const path = join(folder, 'agreed.jsonl');
    expect(await exportFineTuning(results, path, { format: 'gemini' })).toStrictEqual({
      examples: 1,
      withoutPrediction: 1,
      belowConsensus: 1,
      belowQuorum: 1,
      withoutForm: 0,
      warnings: ['too few examples: 1, but gemini asks for 100 or more'],
    });
    expect(lines(path)).toStrictEqual([
      {
        contents: [
          { role: 'user', parts: [{ text: 'Where?' }] },
          { role: 'model', parts: [{ text: 'Here' }] },
        ],
      },
    ]);
  });

  it('writes each example on one line, whatever it contains', async () => {
    const text = 'a\nb\r\n\u2028"c"\\ \u0000 😀';
    const path = join(folder, 'hostile.jsonl');
    const results = await Promise.all(Array.from({ length: 12 }, () => said(text)));
    const { examples, warnings } = await exportFineTuning(results, path, { format: 'openai' });
    expect([examples, warnings]).toStrictEqual([12, []]);
    expect(lines(path)).toStrictEqual(
      results.map((result) => ({
        messages: [
          { role: 'user', content: 'Where?' },
          { role: 'assistant', content: (result as Prediction).text },
        ],
      })),
    );
    expect((results[0] as Prediction).text).toBe(text);
  });

  it('reads predictions no faster than they are written, and closes their source if the file cannot be written', async () => {
    let closed = false;
    const ensemble = createEnsemble({ models: [simulated({ id: 'a', accuracy: 1 })] });
    async function* predictions() {
      try {
        for (;;) yield await ensemble.predict('What is 2 + 2?');
      } finally {
        closed = true;
      }
    }
    const written = exportFineTuning(predictions(), join(folder, 'missing', 'file'), { format: 'openai' });
    await expect(written).rejects.toThrow(/exportFineTuning: .*cannot be written \(ENOENT\)/);
    expect(closed).toBe(true);
  });

  it('rejects with any error of the predictions, and keeps the examples before it', async () => {
    const path = join(folder, 'half.jsonl');
    const reason = Object.assign(new Error('no such socket'), { code: 'ENOENT', syscall: 'connect' });
    async function* predictions() {
      yield await said('Here.');
      throw reason;
    }
    await expect(exportFineTuning(predictions(), path, { format: 'openai' })).rejects.toBe(reason);
    expect(lines(path)).toHaveLength(1);
  });

  it('closes a source that it is waiting for if the file cannot be written', async () => {
    let closed = false;
    const waiting: AsyncIterableIterator<Prediction> = {
      next: () => new Promise(() => {}),
      async return() {
        closed = true;
        return { done: true, value: undefined };
      },
      [Symbol.asyncIterator]: () => waiting,
    };
    const written = exportFineTuning(waiting, join(folder, 'missing', 'file'), { format: 'openai' });
    await expect(written).rejects.toThrow(/cannot be written \(ENOENT\)/);
    expect(closed).toBe(true);
  });

  it('lists every invalid option at once', async () => {
    const options = { format: 'x', minConsensus: 2, learn: 1 } as unknown as ExportFineTuningOptions;
    const error = await exportFineTuning([], '', options).catch((reason) => reason);
    expect(error).toBeInstanceOf(ConfigError);
    expect(error.faults).toHaveLength(4);
    const missing = exportFineTuning([], 'x', {} as ExportFineTuningOptions);
    await expect(missing).rejects.toThrow('option "format" is missing');
  });
});
