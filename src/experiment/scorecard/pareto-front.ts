/** A choice with its cost (`takes`) and its benefit (`gives`). */
export interface Choice {
  readonly name: string;
  /** A choice is left out if either value is `undefined`, which means not known. */
  readonly takes: number | undefined;
  /** The most that it may take, if `takes` is the least. Default: `takes`. */
  readonly takesAtMost?: number;
  readonly gives: number | undefined;
}

/**
 * The names of the choices with a higher benefit than every other at the same or lower cost, in ascending order of
 * cost. If costs are known within bounds, these are the choices of which that is certain.
 */
export const paretoFront = (choices: readonly Choice[]): readonly string[] => {
  const known = choices
    .flatMap(({ name, takes, takesAtMost = takes, gives }) =>
      takes === undefined || takesAtMost === undefined || gives === undefined
        ? []
        : [{ name, least: takes, most: takesAtMost, gives }],
    )
    .sort((a, b) => a.least - b.least || b.gives - a.gives);
  return known
    .filter((choice, place) => !known.some((other, rank) => mayBeat(other, choice, rank < place)))
    .map(({ name }) => name);
};

interface KnownChoice {
  readonly least: number;
  readonly most: number;
  readonly gives: number;
}

/** Whether a choice may be the better one. Of equal ones, the first counts as better. */
const mayBeat = (one: KnownChoice, other: KnownChoice, isFirst: boolean): boolean => {
  if (one === other || one.gives < other.gives || one.least > other.most) return false;
  return one.gives > other.gives || one.least < other.most || isFirst;
};
