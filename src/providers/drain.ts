/** How long a stream may continue after its answer before its connection is closed, in milliseconds. */
const LINGER_MS = 50;

/**
 * Reads on after the end of an answer, in the background: the connection can be used again if the stream ends at once,
 * and is closed otherwise. Nothing that still arrives matters, and the timer keeps no process alive.
 */
export const drain = (stream: AsyncIterator<unknown>, close: () => void): void => {
  // biome-ignore lint/style/noRestrictedGlobals: a timer of RxJS would keep the process alive after its last result.
  const timer: unknown = setTimeout(close, LINGER_MS);
  (timer as { unref?: () => void }).unref?.();
  const end = (isOver: boolean): void => {
    clearTimeout(timer as number);
    if (!isOver) close();
  };
  const readOn = (): void => {
    stream.next().then(
      ({ done }) => (done ? end(true) : readOn()),
      () => end(false),
    );
  };
  readOn();
};
