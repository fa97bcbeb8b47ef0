/** The answers of a ballot in numbers. */
interface Numbered {
  readonly answers: readonly number[];
  readonly isRight: readonly boolean[];
}

/** Rows by what their elections depend on. */
interface KindTable {
  readonly rows: readonly { readonly kind: number; readonly namedKind: number }[];
  readonly hasConfidences: boolean;
}

/**
 * Numbers ballots by what their elections depend on if no vote has a confidence: which models give the same answer, and
 * which answers are right; with names, also which answers these are.
 */
export const kindNumbers = () => {
  const numbers = new Map<string, number>();
  return ({ answers, isRight }: Numbered, names: readonly number[] = []): number => {
    const kind = `${answers.join()}/${isRight.map(Number).join()}/${names.join()}`;
    const number = numbers.get(kind) ?? numbers.size;
    numbers.set(kind, number);
    return number;
  };
};

/** Returns the places of rows, grouped by their kind; with confidences, each row is of a kind of its own. */
export const kindsOf = (
  { rows, hasConfidences }: KindTable,
  places: readonly number[],
  knowsClasses: boolean,
): readonly (readonly number[])[] =>
  hasConfidences
    ? places.map((place) => [place])
    : Array.from(
        Map.groupBy(places, (place) => (knowsClasses ? rows[place]?.namedKind : rows[place]?.kind)).values(),
      );
