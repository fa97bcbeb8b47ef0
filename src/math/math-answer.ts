/**
 * A mathematical answer. It is counted under its key, and prints as people write it: in a text, a table, a report.
 *
 * It is an object of plain data, so that `structuredClone` keeps what it says.
 */
export class MathAnswer {
  /** The text under which it is counted: equal answers have equal keys, however they are written. */
  readonly key: string;
  /** The answer as people write it: `1/2`, `{1, 2}`, `(0, ∞)`, `x² + 1`. */
  readonly text: string;
  /** Its value if it is a real number; otherwise `undefined`. */
  readonly number: number | undefined;

  constructor(key: string, text: string, number?: number) {
    this.key = key;
    this.text = text;
    this.number = number;
  }

  toJSON(): string {
    return this.key;
  }

  toString(): string {
    return this.text;
  }
}
