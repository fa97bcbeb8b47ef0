import { lastValueFrom, toArray } from 'rxjs';
import type { ModelError } from '../../src/domain/errors.ts';
import { isDelta, type Model, type ModelResponse } from '../../src/domain/model.ts';
import { toRequest } from '../../src/engine/to-request.ts';

/** How a body ends: as HTTP says, by a broken connection, or never. */
export type Ending = 'end' | 'reset' | 'open';

/** A body that a {@link streamingFetch} serves. */
export interface ServedBody {
  readonly pieces: readonly Uint8Array[];
  readonly ending: Ending;
  readonly contentType?: string;
}

/** A `fetch` that serves one body after another, as Node's would: without a network and in no time. */
export const streamingFetch = () => {
  let next: ServedBody = { pieces: [], ending: 'end' };
  let waited = Promise.withResolvers<void>();
  let left = 0;
  const served: typeof fetch = async (_input, init) => {
    const { pieces, ending, contentType = 'text/event-stream' } = next;
    const signal = init?.signal;
    signal?.throwIfAborted();
    let index = 0;
    left += 1;
    let isOver = false;
    const over = (): void => {
      if (!isOver) left -= 1;
      isOver = true;
    };
    const body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          signal?.addEventListener('abort', () => {
            over();
            controller.error(signal.reason);
          });
        },
        pull: (controller) => {
          const piece = pieces[index];
          index += 1;
          if (piece !== undefined) controller.enqueue(piece);
          else if (ending === 'end') {
            over();
            controller.close();
          } else if (ending === 'reset') {
            over();
            controller.error(Object.assign(new TypeError('terminated'), { cause: { code: 'ECONNRESET' } }));
          } else {
            waited.resolve();
            return new Promise<void>(() => undefined);
          }
          return undefined;
        },
        cancel: over,
      },
      { highWaterMark: 0 },
    );
    return new Response(body, { headers: { 'content-type': contentType } });
  };
  return {
    fetch: served,
    /** Serves a body from now on. Returns what happens when a reader waits for more than an open one has. */
    serve: (body: ServedBody): Promise<void> => {
      next = body;
      waited = Promise.withResolvers<void>();
      return waited.promise;
    },
    /** How many bodies were neither read to their end nor closed. */
    open: (): number => left,
  };
};

/** The end of a call, and the pieces that came before it. */
export interface Heard {
  readonly deltas: readonly string[];
  readonly response?: ModelResponse;
  readonly error?: ModelError;
}

export const hear = async (model: Model, wantsDeltas = true): Promise<Heard> => {
  const deltas: string[] = [];
  try {
    const all = await lastValueFrom(model.call({ ...toRequest('?'), wantsDeltas }).pipe(toArray()));
    const response = all.filter((output): output is ModelResponse => !isDelta(output)).at(-1);
    deltas.push(...all.filter(isDelta).map(({ delta }) => delta));
    return { deltas, ...(response && { response }) };
  } catch (error) {
    return { deltas, error: error as ModelError };
  }
};

/** The bytes, divided at these places. */
export const divided = (bytes: Uint8Array, places: readonly number[]): Uint8Array[] => {
  const ends = places.map((place) => place % (bytes.length + 1)).toSorted((a, b) => a - b);
  return [...ends, bytes.length].map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
};
