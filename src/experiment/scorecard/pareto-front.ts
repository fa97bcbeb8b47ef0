/** What one of several choices takes, and what it gives. */
export interface Choice {
  readonly name: string;
  /** Not known where it is `undefined`; such a choice is not judged. */
  readonly takes: number | undefined;
  readonly gives: number | undefined;
}

/** The names of the choices that give more than every other that takes as much or less, from the least on. */
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
