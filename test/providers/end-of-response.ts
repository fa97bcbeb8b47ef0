import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { setImmediate as nextTurn } from 'node:timers/promises';

const ENDS = 'undici:request:trailers';

/** Resolves once a response, counted from now on, has been read to its end, so that its connection is free again. */
export const endOfResponse = async (): Promise<void> => {
  await new Promise<void>((resolve) => {
    const onEnd = (): void => {
      unsubscribe(ENDS, onEnd);
      resolve();
    };
    subscribe(ENDS, onEnd);
  });
  // The client takes the connection back in the turn after.
  await nextTurn();
  await nextTurn();
};
