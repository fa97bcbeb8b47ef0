/**
 * What normalizers say of a text besides its answer. A normalizer is a plain function of a text, and its answer may be a
 * primitive, so notes travel separately. This works because normalizers are synchronous: the reader of a text takes its
 * notes before another text is read. It also works through any function that calls a normalizer.
 */

/** A set, because the notes stay when a normalizer is called by itself. */
const notes = new Set<string>();

/** Notes what a user should know of a reading, such as a repair. The text must not quote the answer. */
export const noteReading = (note: string): void => void notes.add(note);

/** Returns the notes since the last call, and forgets them. */
export const takeReadingNotes = (): readonly string[] => {
  if (notes.size === 0) return none;
  const taken = [...notes];
  notes.clear();
  return taken;
};

const none: readonly string[] = [];
