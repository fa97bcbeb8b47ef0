import { CrucibleError } from '../../domain/errors.ts';
import { CancelledError } from '../../domain/no-prediction.ts';
import { CANCELLED, OTHER } from './conventions.ts';
import type { CallEnd, PredictionEnd } from './endings.ts';

/** Returns the name of an error class. Anything else may quote a prompt, and becomes `_OTHER`. */
export const errorName = (name: string): string => (/^\w{1,64}$/.test(name) ? name : OTHER);

/** Returns the `error.type` of an error: the name of its class, never its message. */
const errorType = (error: unknown): string => {
  if (error instanceof CancelledError) return CANCELLED;
  return error instanceof CrucibleError ? errorName(error.name) : OTHER;
};

/** Returns the `error.type` of a failed or cancelled call or prediction, and `undefined` for a successful one. */
export const failureOf = (event: CallEnd | PredictionEnd): string | undefined => {
  if (event.type === 'model:cancel' || event.type === 'predict:cancel') return CANCELLED;
  return 'error' in event ? errorType(event.error) : undefined;
};
