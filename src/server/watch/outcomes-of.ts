import { isA } from '../../domain/foreign.ts';
import { NoPredictionError } from '../../domain/no-prediction.ts';
import type { Outcome } from '../../domain/outcome.ts';
import type { ServedEvent } from '../served-event.ts';

/** The calls of a prediction that has ended, also of one without an answer. */
export const outcomesOf = ({
  prediction,
  error,
}: ServedEvent & { readonly type: 'end' }): readonly Outcome[] => {
  if (prediction !== undefined) return prediction.outcomes;
  return isA(error, NoPredictionError) ? error.outcomes : [];
};
