import type { Outcome } from '../domain/outcome.ts';

/** The owner of a key; without keys, every client. */
export interface Caller {
  /** The name of the key; absent without keys. */
  readonly name?: string | undefined;
  /** The ensembles that it may ask. Default: all. */
  readonly ensembles?: readonly string[] | undefined;
}

/** Ends the account of one prediction, with the calls that it made. */
export type Settle = (outcomes: readonly Outcome[]) => void;

/** The clients that may ask. */
export interface Callers {
  /**
   * Returns the owner of the key in `authorization: Bearer …` or `x-api-key`.
   *
   * @throws {RequestRefusal} with status 401 if there is no such key.
   */
  of(request: Request): Promise<Caller>;
  /**
   * Called before each prediction. Returns what is called once at its end.
   *
   * @throws {RequestRefusal} with status 402 or 429 if the caller's budget is spent or its rate limit is reached.
   */
  admit(caller: Caller, ensemble: string): Settle;
}

/** Every client may ask. */
export const everyCaller: Callers = {
  of: async () => ({}),
  admit: () => () => undefined,
};
