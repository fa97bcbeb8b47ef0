import { getEventListeners } from 'node:events';
import { Observable, type Subscriber } from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  createEnsemble,
  defineModel,
  type Model,
  type ModelDelta,
  type ModelResponse,
  type StreamEvent,
} from '../../src/index.ts';

/** A model that emits deltas as it is told, and then its response. */
const writer = (id: string) => {
  let subscriber: Subscriber<ModelDelta | ModelResponse> | undefined;
  const state = { isCancelled: false };
  const model: Model = {
    id,
    call: () =>
      new Observable((started) => {
        subscriber = started;
        return () => {
          state.isCancelled = true;
        };
      }),
  };
  return {
    model,
    state,
    write: (delta: string) => subscriber?.next({ delta }),
    answer: (text: string) => subscriber?.next({ text }),
  };
};

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Begins to read a stream, but reads nothing yet. */
const paused = async (events: AsyncIterable<StreamEvent>) => {
  const iterator = events[Symbol.asyncIterator]();
  const first = iterator.next();
  await settle();
  return async (): Promise<StreamEvent[]> => {
    const read = [(await first).value as StreamEvent];
    for (let step = await iterator.next(); step.done !== true; step = await iterator.next())
      read.push(step.value);
    return read;
  };
};

const textOf = (events: readonly StreamEvent[], call: number): string =>
  events.map((event) => (event.type === 'delta' && event.call === call ? event.text : '')).join('');

describe('a slow reader of a stream', () => {
  it('holds at most 1024 events and five for each call, and misses no text', async () => {
    const writers = [writer('a'), writer('b'), writer('c')];
    const { stream } = createEnsemble({ models: writers.map(({ model }) => model) });
    const readAll = await paused(stream('?'));
    for (let piece = 0; piece < 20_000; piece += 1) {
      // One writes little, so that its deltas do not wait among the first.
      for (const [index, { write }] of writers.entries())
        if (index < 2 || piece % 5000 === 4999) write(`${piece},`);
    }
    for (const { answer } of writers) answer('4');
    const events = await readAll();
    expect(events.length).toBeLessThanOrEqual(1 + 1024 + 5 * 3 + 1);
    const pieces = Array.from({ length: 20_000 }, (_, piece) => `${piece},`);
    expect(textOf(events, 0)).toBe(pieces.join(''));
    expect(textOf(events, 1)).toBe(pieces.join(''));
    expect(textOf(events, 2)).toBe('4999,9999,14999,19999,');
    expect(events.at(-1)?.type).toBe('complete');
    // The deltas of a call come before its response.
    const order = events.filter((event) => 'model' in event && event.model === 'a').map(({ type }) => type);
    expect(order.slice(-2)).toStrictEqual(['call-end', 'response']);
    const numbers = events.map(({ sequence }) => sequence);
    expect(numbers).toStrictEqual(numbers.toSorted((a, b) => a - b));
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  it('gets each delta as it is while few wait', async () => {
    const { model, write, answer } = writer('a');
    const readAll = await paused(createEnsemble({ models: [model] }).stream('?'));
    for (const piece of ['a', 'b', 'c']) write(piece);
    answer('abc');
    const types = (await readAll()).map((event) => (event.type === 'delta' ? event.text : event.type));
    expect(types).toStrictEqual([
      'call-start',
      'a',
      'b',
      'c',
      'call-end',
      'response',
      'consensus',
      'complete',
    ]);
  });

  it('is ended by a text without an end, after what waits, and the call is cancelled', async () => {
    const { model, state, write } = writer('a');
    const readAll = await paused(createEnsemble({ models: [model] }).stream('?'));
    const piece = 'x'.repeat(1_048_576);
    let written = 0;
    while (!state.isCancelled && written < 100) {
      write(piece);
      written += 1;
    }
    // 16 wait, and the reader has taken the start of the call.
    expect(written).toBe(17);
    await expect(readAll()).rejects.toMatchObject({
      name: 'BufferOverflowError',
      message: 'more than 16777216 characters of deltas wait to be read',
    });
  });
});

describe('a signal whose prediction is not read to its end', () => {
  it('has no listener once the prediction has ended', async () => {
    const { signal } = new AbortController();
    const ensemble = createEnsemble({ models: [defineModel('a', async () => '4')] });
    const iterator = ensemble.stream('?', { signal })[Symbol.asyncIterator]();
    await iterator.next();
    await settle();
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });
});
