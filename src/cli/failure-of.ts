import type { ConfigError } from '../domain/errors.ts';
import { NoPredictionError } from '../domain/no-prediction.ts';
import type { Query } from '../domain/request.ts';

/** What `--json` prints of a question without a prediction: the error, and the calls that were made. */
export const failureOf = (query: Query, error: NoPredictionError | ConfigError): object => ({
  query,
  error: { name: error.name, message: error.message },
  ...(error instanceof NoPredictionError && { outcomes: error.outcomes }),
});
