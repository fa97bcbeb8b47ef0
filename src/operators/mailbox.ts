/** A queue between a pushing source and a pulling reader: values wait for the reader, or the reader for values. */
export interface Mailbox<T> {
  /** How many values are waiting. */
  unread(): number;
  /** How large the waiting values are together. */
  size(): number;
  /** Hands a value to the first waiting reader, or keeps it. */
  post(value: T): void;
  /** Ends the mailbox after the values in it. Later values are dropped. */
  close(failure?: { readonly error: unknown }): void;
  /** Returns the next value, or waits for it. After the end it returns done; a failure rejects once. */
  take(): Promise<IteratorResult<T, undefined>>;
  /** Ends the mailbox and drops the values in it. */
  discard(): void;
}

interface Reader<T> {
  readonly resolve: (result: IteratorResult<T, undefined>) => void;
  readonly reject: (error: unknown) => void;
}

/** How values that wait for a slow reader are measured and joined. */
export interface Waiting<T> {
  /** How large a value is. */
  sizeOf(value: T): number;
  /** Returns what a value continues, such as the number of a call; `undefined` if it stands alone. */
  partOf(value: T): string | undefined;
  /** Joins a value to the one that waits and that it continues. */
  join(earlier: T, later: T): T;
  /** From how many waiting values on they are joined. */
  readonly joinFrom: number;
}

const done = { done: true, value: undefined } as const;

/**
 * Creates a mailbox. Its operations are O(1) for any number of waiting values.
 *
 * @param waiting how values are joined. Default: never, and each has the size 1.
 */
export const createMailbox = <T>(waiting?: Waiting<T>): Mailbox<T> => {
  // A Map is a queue with O(1) at both ends; an array's shift is O(n).
  const values = new Map<number, T>();
  const readers: Reader<T>[] = [];
  /** Where the last waiting value of each part is. Made when the first one waits. */
  let places: Map<string, number> | undefined;
  let size = 0;
  let posted = 0;
  let taken = 0;
  let isClosed = false;
  let failure: { readonly error: unknown } | undefined;

  const dismissReaders = (): void => {
    for (const reader of readers.splice(0)) {
      if (failure === undefined) reader.resolve(done);
      else reader.reject(failure.error);
      failure = undefined;
    }
  };
  const keep = (value: T): void => {
    const part = waiting?.partOf(value);
    size += waiting?.sizeOf(value) ?? 1;
    const place = part === undefined ? undefined : places?.get(part);
    const earlier = place === undefined ? undefined : values.get(place);
    if (waiting !== undefined && earlier !== undefined && values.size >= waiting.joinFrom) {
      values.set(place as number, waiting.join(earlier, value));
      return;
    }
    values.set(posted, value);
    if (part !== undefined) {
      places ??= new Map();
      places.set(part, posted);
    }
    posted += 1;
  };
  return {
    unread: () => values.size,
    size: () => size,
    post(value) {
      if (isClosed) return;
      const reader = readers.shift();
      if (reader !== undefined) reader.resolve({ done: false, value });
      else keep(value);
    },
    close(why) {
      if (isClosed) return;
      isClosed = true;
      failure = why;
      dismissReaders();
    },
    take() {
      if (values.size > 0) {
        const value = values.get(taken) as T;
        values.delete(taken);
        taken += 1;
        size -= waiting?.sizeOf(value) ?? 1;
        return Promise.resolve({ done: false, value });
      }
      return new Promise((resolve, reject) => {
        readers.push({ resolve, reject });
        if (isClosed) dismissReaders();
      });
    },
    discard() {
      values.clear();
      size = 0;
      isClosed = true;
      failure = undefined;
      dismissReaders();
    },
  };
};
