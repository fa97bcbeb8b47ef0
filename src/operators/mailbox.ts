/** Where values wait for a reader, or a reader for values: the seam between pushing and pulling. */
export interface Mailbox<T> {
  /** How many values are waiting. */
  unread(): number;
  /** Hands a value to the first waiting reader, or keeps it. */
  post(value: T): void;
  /** Ends the mailbox behind the values in it; what comes later is dropped. */
  close(failure?: { readonly error: unknown }): void;
  /** The next value; waits for it where there is none. After the end, done; a failure is told once. */
  take(): Promise<IteratorResult<T, undefined>>;
  /** Ends the mailbox and drops the values in it. */
  discard(): void;
}

interface Reader<T> {
  readonly resolve: (result: IteratorResult<T, undefined>) => void;
  readonly reject: (error: unknown) => void;
}

const done = { done: true, value: undefined } as const;

/** A mailbox whose operations are O(1), however many values wait in it. */
export const createMailbox = <T>(): Mailbox<T> => {
  // A Map is a queue with O(1) at both ends; an array's shift is O(n).
  const values = new Map<number, T>();
  const readers: Reader<T>[] = [];
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
  return {
    unread: () => values.size,
    post(value) {
      if (isClosed) return;
      const reader = readers.shift();
      if (reader !== undefined) reader.resolve({ done: false, value });
      else {
        values.set(posted, value);
        posted += 1;
      }
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
        return Promise.resolve({ done: false, value });
      }
      return new Promise((resolve, reject) => {
        readers.push({ resolve, reject });
        if (isClosed) dismissReaders();
      });
    },
    discard() {
      values.clear();
      isClosed = true;
      failure = undefined;
      dismissReaders();
    },
  };
};
