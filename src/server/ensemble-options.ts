import { aFlag, aNumber, anObject, checkFields, type FieldCheck } from './fields.ts';
import { objectIn } from './values.ts';

/** What a client of another API can say to the ensemble, in the field `ensemble` of its request. */
export interface EnsembleRequest {
  /** Whether a stream tells each vote. */
  readonly wantsVotes: boolean;
  readonly deadlineMs: number | undefined;
}

/** The check of the field `ensemble`. */
export const ensembleObject: FieldCheck = anObject;

/** Reads the field `ensemble`. */
export const readEnsemble = (value: unknown): EnsembleRequest => {
  const options = objectIn(value);
  checkFields(options, { votes: aFlag, deadline_ms: aNumber(1, Number.MAX_SAFE_INTEGER) }, 'ensemble.');
  return {
    wantsVotes: options.votes === true,
    deadlineMs: typeof options.deadline_ms === 'number' ? options.deadline_ms : undefined,
  };
};
