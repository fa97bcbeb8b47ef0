/** A queue between a pushing source and a pulling reader: values wait for the reader, or the reader for values. */
export interface Mailbox<T> {
  /** How many values are waiting. */
  unread(): number;
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

const done = { done: true, value: undefined } as const;

/** Creates a mailbox. Its operations are O(1) for any number of waiting values. */
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
