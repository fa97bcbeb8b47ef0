import type { Steps } from './evaluate.ts';
import type { Form } from './form.ts';
import type { Node } from './node.ts';

/** The reading of one answer: how values and units are read, and what the parts of the reader call. */
export interface Reading {
  /** The significant digits to which values that are no whole numbers are rounded; `undefined` for the default. */
  readonly digits: number | undefined;
  readonly dividesPercent: boolean;
  readonly keepsUnits: boolean;
  readonly steps: Steps;
  /** Returns the form of a part of the answer. */
  readonly form: (part: Node) => Form;
}
