import { isDelta, type ModelDelta, type ModelResponse } from '../domain/model.ts';

/** The response as it is for who did not pay for it: it costs 0, and says what it cost then. */
export const paidFor = <Kind extends ModelResponse | ModelDelta>(output: Kind): Kind =>
  isDelta(output)
    ? output
    : { ...output, costUsd: 0, costSource: 'reported', cached: output.cached ?? { costUsd: output.costUsd } };
