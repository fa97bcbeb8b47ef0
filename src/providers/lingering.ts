import { timer } from 'rxjs';

/** A wait for the end of a stream whose answer is whole already. */
export interface Lingering {
  /** Returns the next piece; `undefined` if it does not come before the wait is over. */
  until<Piece>(piece: Promise<Piece>): Promise<Piece | undefined>;
  stop(): void;
}

/** Creates a wait. It begins with its first piece, and lasts as long in all however many pieces come. */
export const createLingering = (limitMs: number): Lingering => {
  const over = Promise.withResolvers<undefined>();
  let waiting: { unsubscribe(): void } | undefined;
  return {
    until: (piece) => {
      waiting ??= timer(limitMs).subscribe(() => over.resolve(undefined));
      return Promise.race([piece, over.promise]);
    },
    stop: () => waiting?.unsubscribe(),
  };
};
