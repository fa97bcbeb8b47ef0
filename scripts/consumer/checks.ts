/** What a consumer of the package tries, by name. A check rejects or throws if it does not hold. */
export type Checks = Readonly<Record<string, () => void | Promise<void>>>;

/** A module of checks about one part of the package. */
export interface Part {
  readonly checks: Checks;
}

/** The result of a part. */
export interface PartResult {
  readonly passed: number;
  readonly failures: readonly string[];
}

/** Returns everything that an iterable yields. */
export const all = async <T>(values: AsyncIterable<T>): Promise<T[]> => {
  const list: T[] = [];
  for await (const value of values) list.push(value);
  return list;
};
