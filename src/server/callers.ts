/** Somebody who asks: the owner of a key, or anybody if there are no keys. */
export interface Caller {
  /** The name of the key; absent without keys. */
  readonly name?: string | undefined;
  /** The ensembles that it may ask. Default: all. */
  readonly ensembles?: readonly string[] | undefined;
}

/** Who may ask. */
export interface Callers {
  /**
   * Returns whose request it is, by `authorization: Bearer …` or `x-api-key`.
   *
   * @throws {RequestRefusal} with status 401 if it is nobody's.
   */
  of(request: Request): Promise<Caller>;
  /**
   * Called before each prediction.
   *
   * @throws {RequestRefusal} with status 402 or 429 if the caller's budget is spent or its rate limit is reached.
   */
  admit(caller: Caller, ensemble: string): Promise<void>;
}

/** Anybody may ask. */
export const anybody: Callers = {
  of: async () => ({}),
  admit: async () => undefined,
};
