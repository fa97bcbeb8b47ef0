/** Thrown within a fetch when a body grows beyond what is held; an adapter turns it into a typed error. */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge';
}

/** Whether an error, or what caused it, is a body that was cut off at the cap. */
export const isBodyTooLarge = (error: unknown): boolean =>
  error instanceof BodyTooLarge ||
  (error instanceof Error && error.cause !== undefined && isBodyTooLarge(error.cause));

/** The most bytes of a response that are held, unless the caller says otherwise: 16 MiB. */
export const MAX_RESPONSE_BYTES = 16 * 2 ** 20;

/**
 * A `fetch` whose bodies end with an error at a cap, so that no answer can fill the memory, and that follows no
 * redirect, so that the key is not sent to another host: only some headers are left out there by themselves.
 */
export const boundedFetch =
  (maxResponseBytes: number, plainFetch: typeof fetch = globalThis.fetch): typeof fetch =>
  async (input, init) => {
    const response = await plainFetch(input, { ...init, redirect: 'manual' });
    if (response.body === null || declaresLength(response, maxResponseBytes)) return response;
    let received = 0;
    const bounded = response.body.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          received += chunk.byteLength;
          if (received > maxResponseBytes)
            controller.error(new BodyTooLarge(`more than ${maxResponseBytes} bytes`));
          else controller.enqueue(chunk);
        },
      }),
    );
    return new Response(bounded, response);
  };

/** Whether a body says that it is no longer than the cap, which HTTP then holds it to; unpacked, it may be. */
const declaresLength = ({ headers }: Response, maxResponseBytes: number): boolean =>
  !headers.has('content-encoding') && Number(headers.get('content-length') ?? Number.NaN) <= maxResponseBytes;
