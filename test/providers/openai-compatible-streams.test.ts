import fc from 'fast-check';
import { lastValueFrom, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { ModelDelta, ModelResponse } from '../../src/domain/model.ts';
import { toRequest } from '../../src/engine/to-request.ts';
import { openaiCompatible } from '../../src/providers/openai-compatible.ts';

/** A `fetch` that answers with these bytes, in these pieces. */
const served =
  (pieces: readonly Uint8Array[]): typeof fetch =>
  async () =>
    new Response(
      new ReadableStream({
        start(controller) {
          for (const piece of pieces) controller.enqueue(piece);
          controller.close();
        },
      }),
      { headers: { 'content-type': 'text/event-stream' } },
    );

const heard = async (pieces: readonly Uint8Array[]): Promise<(ModelResponse | ModelDelta)[]> => {
  const model = openaiCompatible('m', { baseURL: 'http://localhost/v1', fetch: served(pieces) });
  return lastValueFrom(model.call({ ...toRequest('?'), wantsDeltas: true }).pipe(toArray()));
};

/** The bytes, divided at these places. */
const divided = (bytes: Uint8Array, places: readonly number[]): Uint8Array[] => {
  const at = [0, ...places.map((place) => place % bytes.length).toSorted((a, b) => a - b), bytes.length];
  return at.slice(1).map((end, index) => bytes.slice(at[index], end));
};

const chunk = (delta: object, finishReason: string | null): string =>
  JSON.stringify({ choices: [{ index: 0, delta, finish_reason: finishReason }] });

const streamOf = (
  texts: readonly string[],
  newline: string,
  comment: string,
  byteOrderMark: boolean,
): string => {
  const data = [
    ...texts.map((content) => chunk({ content }, null)),
    chunk({}, 'stop'),
    JSON.stringify({ choices: [], usage: { prompt_tokens: 3, completion_tokens: 4 } }),
    '[DONE]',
  ];
  const events = data.map((line) => `${comment}data: ${line}${newline}${newline}`);
  return (byteOrderMark ? '\uFEFF' : '') + events.join('');
};

const newlines = fc.constantFrom('\n', '\r\n', '\r');

const texts = fc.array(fc.string({ unit: 'binary', minLength: 1, maxLength: 6 }), {
  minLength: 1,
  maxLength: 6,
});

describe('a stream of an OpenAI-compatible server', () => {
  it('gives the same, however its bytes are divided and its lines are ended', async () => {
    await fc.assert(
      fc.asyncProperty(
        texts,
        newlines,
        fc.boolean(),
        fc.boolean(),
        fc.array(fc.nat(), { maxLength: 12 }),
        async (said, newline, hasComments, byteOrderMark, places) => {
          const comment = hasComments ? `: keep-alive${newline}${newline}event: message${newline}` : '';
          const bytes = new TextEncoder().encode(streamOf(said, newline, comment, byteOrderMark));
          const values = await heard(divided(bytes, places));
          expect(values).toEqual(await heard([bytes]));
          // Blanks at the beginning wait for what follows, which may be reasoning.
          const deltas = values.slice(0, -1).map((value) => Reflect.get(value, 'delta'));
          expect(deltas.join('')).toBe(said.join(''));
          if (/^[^\s<]/u.test(said.join(''))) expect(deltas).toEqual(said);
          expect(values.at(-1)).toMatchObject({
            text: said.join(''),
            finishReason: 'stop',
            usage: { inputTokens: 3, outputTokens: 4 },
          });
        },
      ),
      { numRuns: 300 },
    );
  });

  it('gives the same, divided at any byte, and into single bytes', async () => {
    const text = streamOf(['Grüße 🦊', '\r\ndata: [DONE]\n\n', '\u2028391'], '\r\n', ': 🦊\r\n', true);
    const bytes = new TextEncoder().encode(text);
    const whole = await heard([bytes]);
    expect(whole).toHaveLength(4);
    for (let place = 1; place < bytes.length; place += 1) {
      expect(await heard(divided(bytes, [place]))).toEqual(whole);
    }
    expect(await heard(Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(whole);
  });

  it('is read from many small pieces of one long line', async () => {
    const text = 'x'.repeat(400_000);
    const line = new TextEncoder().encode(`data: ${chunk({ content: text }, 'stop')}\n\n`);
    const pieces = Array.from({ length: Math.ceil(line.length / 8) }, (_, index) =>
      line.slice(index * 8, index * 8 + 8),
    );
    // 50,000 pieces. That the time grows in proportion to them is shown by `npm run bench:streams`.
    expect((await heard(pieces)).at(-1)).toMatchObject({ text, finishReason: 'stop' });
  });
});
