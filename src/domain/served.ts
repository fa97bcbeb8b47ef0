/** What a provider calls an answer, and the model that gave it: another than was asked, where that is an alias. */
export interface Served {
  readonly id?: string;
  readonly model?: string;
}

/**
 * Where a response says what its provider calls it: a symbol, so that it is there for those who tell of calls, and
 * is not written as JSON or kept.
 */
export const served: unique symbol = Symbol('served');

/** What a provider said of these, as part of a response; nothing where it said neither. */
export const servedAs = (id: unknown, model: unknown): { readonly [served]?: Served } => {
  const said: Served = {
    ...(typeof id === 'string' && id !== '' && { id }),
    ...(typeof model === 'string' && model !== '' && { model }),
  };
  return Object.keys(said).length === 0 ? {} : { [served]: said };
};
