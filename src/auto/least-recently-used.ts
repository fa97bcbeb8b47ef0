/** Values by key, of which those that were used last are kept. */
export interface LeastRecentlyUsed<Value> {
  /** Returns the value of a key. Makes it if it is missing. */
  get(key: string, make: () => Value): Value;
}

/** Keeps the values that were used last, `most` of them. */
export const leastRecentlyUsed = <Value>(most: number): LeastRecentlyUsed<Value> => {
  const values = new Map<string, Value>();
  return {
    get(key, make) {
      const value = values.has(key) ? (values.get(key) as Value) : make();
      values.delete(key);
      values.set(key, value);
      for (const [oldest] of values) {
        if (values.size <= most) break;
        values.delete(oldest);
      }
      return value;
    },
  };
};
