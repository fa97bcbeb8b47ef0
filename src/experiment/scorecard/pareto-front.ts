/** A choice with its cost (`takes`) and its benefit (`gives`). */
export interface Choice {
  readonly name: string;
  /** A choice is left out if either value is `undefined`, which means not known. */
  readonly takes: number | undefined;
  readonly gives: number | undefined;
}

/**
 * The names of the choices with a higher benefit than every other at the same or lower cost, in ascending order of
 * cost.
 */
export const paretoFront = (choices: readonly Choice[]): readonly string[] => {
  let most = Number.NEGATIVE_INFINITY;
  return choices
    .flatMap(({ name, takes, gives }) =>
      takes === undefined || gives === undefined ? [] : [{ name, takes, gives }],
    )
    .sort((a, b) => a.takes - b.takes || b.gives - a.gives)
    .filter(({ gives }) => {
      if (gives <= most) return false;
      most = gives;
      return true;
    })
    .map(({ name }) => name);
};
