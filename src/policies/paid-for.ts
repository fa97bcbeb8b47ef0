import { isDelta, type ModelDelta, type ModelResponse } from '../domain/model.ts';

/** Returns a response as a later caller gets it: it costs 0, and `cached` has its original cost. */
export const paidFor = <Kind extends ModelResponse | ModelDelta>(output: Kind): Kind =>
  isDelta(output)
    ? output
    : { ...output, costUsd: 0, costSource: 'reported', cached: output.cached ?? { costUsd: output.costUsd } };
