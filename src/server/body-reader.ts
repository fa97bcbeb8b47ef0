import { isA } from '../domain/foreign.ts';
import { badRequest, RequestRefusal } from './request-refusal.ts';

/** Reads the body of a request in pieces. */
export interface BodyReader {
  /**
   * The next piece; `undefined` at the end.
   *
   * @throws {RequestRefusal} if the body is refused, if the client left, or if the body breaks off.
   */
  read(): Promise<Uint8Array | undefined>;
  /** Reads no more, for the reason that is given. */
  giveUp(reason: RequestRefusal): void;
  /** Removes what listens to the signal. */
  end(): void;
}

/** Opens the body of a request. It is cancelled when the signal aborts. */
export const openBody = (body: ReadableStream<Uint8Array>, signal: AbortSignal): BodyReader => {
  const reader = body.getReader();
  let refusal: RequestRefusal | undefined;
  const giveUp = (reason: RequestRefusal): void => {
    refusal ??= reason;
    // Ends the read that waits. A host may reject this, or never settle it, if the client sends no more.
    void reader.cancel(reason).catch(() => undefined);
  };
  const leave = (): void => giveUp(isA(signal.reason, RequestRefusal) ? signal.reason : clientLeft());
  if (signal.aborted) leave();
  else signal.addEventListener('abort', leave);
  return {
    giveUp,
    async read() {
      const step = await reader.read().catch(() => undefined);
      if (refusal !== undefined) throw refusal;
      if (step === undefined) throw badRequest('the body ended before its end');
      return step.value;
    },
    end: () => signal.removeEventListener('abort', leave),
  };
};

const clientLeft = (): RequestRefusal =>
  new RequestRefusal({
    status: 499,
    type: 'invalid_request_error',
    code: 'client_left',
    message: 'the client left before it had sent the whole body',
  });

/** Says that a body, or a line of it, took too long. */
export const tooSlow = (what: string, timeoutMs: number): RequestRefusal =>
  new RequestRefusal({
    status: 408,
    type: 'invalid_request_error',
    code: 'request_timeout',
    message: `the ${what} took longer than ${timeoutMs} ms`,
  });

/** Says that a body, or a line of it, has too many bytes. */
export const tooLarge = (what: string, maxBytes: number): RequestRefusal =>
  new RequestRefusal({
    status: 413,
    type: 'invalid_request_error',
    code: 'request_too_large',
    message: `the ${what} is larger than ${maxBytes} bytes`,
  });

/** Collects the bytes of a text. */
export interface BodyText {
  take(piece: Uint8Array): void;
  /** Whether it has more bytes than it may. Then none are kept. */
  isTooLarge(): boolean;
  /**
   * The text.
   *
   * @throws {RequestRefusal} if it is too large, or no UTF-8.
   */
  text(): string;
}

/** Collects a text of at most `maxBytes` bytes. What is no UTF-8 is refused, and not repaired. */
export const collectText = (what: string, maxBytes: number): BodyText => {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let pieces: string[] = [];
  let bytes = 0;
  let isValid = true;
  const decode = (piece?: Uint8Array): void => {
    try {
      pieces.push(piece === undefined ? decoder.decode() : decoder.decode(piece, { stream: true }));
    } catch {
      isValid = false;
    }
  };
  return {
    take(piece) {
      bytes += piece.byteLength;
      if (bytes > maxBytes) pieces = [];
      else if (isValid) decode(piece);
    },
    isTooLarge: () => bytes > maxBytes,
    text() {
      if (bytes > maxBytes) throw tooLarge(what, maxBytes);
      if (isValid) decode();
      if (!isValid) throw badRequest(`the ${what} is not valid UTF-8`);
      return pieces.join('');
    },
  };
};
