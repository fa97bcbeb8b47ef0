import { isArray, readSafely } from '../domain/foreign.ts';
import { isObject } from '../domain/is-object.ts';
import type { Outcome } from '../domain/outcome.ts';

/** The owner of a key; without keys, every client. */
export interface Caller {
  /** The name of the key; absent without keys. */
  readonly name?: string | undefined;
  /** The ensembles that it may ask. Default: all. */
  readonly ensembles?: readonly string[] | undefined;
}

/** What `Callers.of` must return. A caller that is taken for another one would ask in its place. */
export const callerExpected = (value: unknown): string | undefined => {
  const [name, ensembles] = [readSafely(value, 'name'), readSafely(value, 'ensembles')];
  return isObject(value) &&
    (name === undefined || typeof name === 'string') &&
    (ensembles === undefined || isArray(ensembles))
    ? undefined
    : 'a caller, such as { name, ensembles } or {}';
};

/** Ends the account of one prediction, with the calls that it made. An error, or a rejection, is an event `fault`. */
export type Settle = (outcomes: readonly Outcome[]) => unknown;

/** The clients that may ask. */
export interface Callers {
  /**
   * Returns the owner of the key in `authorization: Bearer …` or `x-api-key`.
   *
   * @throws {RequestRefusal} with status 401 if there is no such key.
   */
  of(request: Request): Promise<Caller>;
  /**
   * Called before each prediction. Returns what is called once at its end, or a promise of it.
   *
   * @throws {RequestRefusal} with status 402 or 429 if the caller's budget is spent or its rate limit is reached.
   */
  admit(caller: Caller, ensemble: string): Settle | PromiseLike<Settle>;
}

/** Every client may ask. */
export const everyCaller: Callers = {
  of: async () => ({}),
  admit: () => () => undefined,
};
