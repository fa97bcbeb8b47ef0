/** Why a text is not read, by kind. Each continues from "the answer is not read: ". */
export const UNCLEAR = 'it is not clear how it is meant';
export const NOTATION = 'it has a notation that is not read';
export const NO_VALUE = 'it has no value that can be compared';
export const TOO_LARGE = 'a number is too large or too small';
export const TOO_LONG = 'it takes too long to read';
export const WORDS = 'it has words';
export const CUT_OFF = 'something is missing';

/** Thrown by the parts of the reader for a text that is no answer. {@link readMath} turns it into an abstention. */
class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

/** Ends the reading of an answer. The reason continues from "the answer is not read: ". */
export const stop = (why: string): never => {
  throw new Unreadable(why);
};

/** Runs a reading; returns the result of `otherwise` if it stops. */
export const unlessUnreadable = <Result, Other>(
  read: () => Result,
  otherwise: (why: string) => Other,
): Result | Other => {
  try {
    return read();
  } catch (error) {
    if (error instanceof Unreadable) return otherwise(error.message);
    throw error;
  }
};
