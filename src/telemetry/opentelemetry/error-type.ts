import { CrucibleError } from '../../domain/errors.ts';
import { CancelledError } from '../../domain/no-prediction.ts';
import { CANCELLED, OTHER } from './conventions.ts';
import type { CallEnd, PredictionEnd } from './endings.ts';

/** The name of a class of errors; one that is none may say what was asked. */
export const errorName = (name: string): string => (/^\w{1,64}$/.test(name) ? name : OTHER);

/** An error's `error.type`: the name of its class, and never its message. */
const errorType = (error: unknown): string => {
  if (error instanceof CancelledError) return CANCELLED;
  return error instanceof CrucibleError ? errorName(error.name) : OTHER;
};

/** The `error.type` of what did not end well. */
export const failureOf = (event: CallEnd | PredictionEnd): string | undefined => {
  if (event.type === 'model:cancel' || event.type === 'predict:cancel') return CANCELLED;
  return 'error' in event ? errorType(event.error) : undefined;
};
