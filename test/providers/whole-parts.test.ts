import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byteLimit } from '../../src/providers/bounded-fetch.ts';
import { wholeParts } from '../../src/providers/whole-parts.ts';

const encoder = new TextEncoder();

/** A body in pieces that end at these places. */
const divided = (text: string, ends: readonly number[]): Uint8Array[] => {
  const bytes = encoder.encode(text);
  const places = [0, ...ends.map((end) => end % (bytes.length + 1)), bytes.length].toSorted((a, b) => a - b);
  return places.slice(1).map((end, index) => bytes.subarray(places[index], end));
};

const bodyOf = (pieces: readonly Uint8Array[], failure?: Error): ReadableStream<Uint8Array> => {
  let index = 0;
  return new ReadableStream(
    {
      pull: (controller) => {
        const piece = pieces[index];
        index += 1;
        if (piece !== undefined) controller.enqueue(piece);
        else if (failure === undefined) controller.close();
        else controller.error(failure);
      },
    },
    { highWaterMark: 0 },
  );
};

const partsOf = async (body: ReadableStream<Uint8Array>, maxBytes = 1e6): Promise<string[]> => {
  const parts: string[] = [];
  for await (const part of wholeParts(body, { count: byteLimit(maxBytes) })) {
    parts.push(new TextDecoder('utf-8', { fatal: true }).decode(part));
  }
  return parts;
};

describe('the parts of a body', () => {
  it('are its events, each in one part, wherever the bytes are divided', async () => {
    const data = fc.json({ maxDepth: 1 });
    const newline = fc.constantFrom('\n', '\r\n', '\r');
    const noise = fc.constantFrom('', ': ping', 'id: 7', 'retry: 10', ': ping\nid: 7');
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ data, noise }), { minLength: 1, maxLength: 6 }),
        newline,
        fc.constantFrom('', '\uFEFF'),
        fc.array(fc.nat(), { maxLength: 20 }),
        async (events, end, mark, ends) => {
          const text = events
            .map(
              (event) => `${event.noise === '' ? '' : `${event.noise}\n`}event: e\ndata: ${event.data}\n\n`,
            )
            .join('')
            .replaceAll('\n', end);
          expect(await partsOf(bodyOf(divided(mark + text, ends)))).toEqual(
            events.map((event) => `event: e\ndata: ${event.data}\n\n`),
          );
        },
      ),
      { seed: 12, numRuns: 300 },
    );
  });

  it('are the whole body if it is not an event stream', async () => {
    const text = `\n \n{"text":"${'Grüße 🦊 '.repeat(50)}\\n\\ndata: 4"}`;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(), { maxLength: 20 }), async (ends) => {
        expect(await partsOf(bodyOf(divided(text, ends)))).toEqual([text]);
      }),
      { seed: 12, numRuns: 50 },
    );
    expect(await partsOf(bodyOf([]))).toEqual([]);
    expect(await partsOf(bodyOf([encoder.encode('<html>')]))).toEqual(['<html>']);
  });

  it('end with the last event, with or without an empty line, unless it is cut', async () => {
    const first = 'data: {"a":1}\n\n';
    const second = 'data: {"b":2}';
    for (let end = 1; end < second.length; end += 1) {
      expect(await partsOf(bodyOf([encoder.encode(first + second.slice(0, end))]))).toEqual([first]);
    }
    for (const rest of ['', '\n', '\n\n', '\r\n']) {
      expect(await partsOf(bodyOf([encoder.encode(first + second + rest)]))).toEqual([
        first,
        `${second}\n\n`,
      ]);
    }
    expect(await partsOf(bodyOf([encoder.encode(`${first}data: [DONE]`)]))).toEqual([
      first,
      'data: [DONE]\n\n',
    ]);
  });

  it('are read before the error of a connection that broke after them', async () => {
    const body = bodyOf([encoder.encode('data: 1\n\ndata: 2\n\n')], new Error('reset'));
    const reader = wholeParts(body, { count: () => undefined }).getReader();
    for (const part of ['data: 1\n\n', 'data: 2\n\n']) {
      expect(new TextDecoder().decode((await reader.read()).value)).toBe(part);
    }
    await expect(reader.read()).rejects.toThrow('reset');
  });

  it('never have a part of an endless event, which ends at the limit and is cancelled', async () => {
    let sent = 0;
    let reason: unknown;
    const endless = new ReadableStream<Uint8Array>(
      {
        pull: (controller) => {
          controller.enqueue(encoder.encode(sent === 0 ? 'data: ' : 'x'.repeat(1000)));
          sent += 1;
        },
        cancel: (why) => {
          reason = why;
        },
      },
      { highWaterMark: 0 },
    );
    const reader = wholeParts(endless, { count: byteLimit(100_000) }).getReader();
    await expect(reader.read()).rejects.toThrow('100000');
    expect(sent).toBe(101);
    expect(reason).toBeInstanceOf(Error);
  });

  it('are revised before they are handed on, and nothing follows a part that cannot be', async () => {
    const revised: string[] = [];
    const revise = (part: string): string => {
      revised.push(part);
      if (part === 'stop') throw new Error('refused');
      return `[${part}]`;
    };
    const body = bodyOf([encoder.encode('data: 1\n\ndata: stop\n\ndata: 2\n\n')]);
    const reader = wholeParts(body, { count: () => undefined, revise }).getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toBe('data: [1]\n\n');
    await expect(reader.read()).rejects.toThrow('refused');
    expect(revised).toEqual(['1', 'stop']);
    const last = wholeParts(bodyOf([encoder.encode('data: 3')]), {
      count: () => undefined,
      revise: () => {
        throw new Error('refused');
      },
    });
    await expect(last.getReader().read()).rejects.toThrow('refused');
  });

  it('cancel the body if they are cancelled', async () => {
    let reason: unknown;
    const body = new ReadableStream<Uint8Array>({
      cancel: (why) => {
        reason = why;
      },
    });
    await wholeParts(body, { count: () => undefined }).cancel('enough');
    expect(reason).toBe('enough');
  });
});
