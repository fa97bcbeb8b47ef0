import { diag } from '@opentelemetry/api';
import { SCOPE } from './conventions.ts';

/** Does work that must not harm what it tells of: what it throws comes to nothing. */
export type Safely = <Result>(work: () => Result) => Result | undefined;

/**
 * Tells OpenTelemetry's own log, once, of what was thrown: its name, and nothing else of it, since it may quote an
 * answer.
 */
export const createSafely = (): Safely => {
  let isReported = false;
  return (work) => {
    try {
      return work();
    } catch (error) {
      if (isReported) return undefined;
      isReported = true;
      report(error);
      return undefined;
    }
  };
};

const report = (error: unknown): void => {
  try {
    const name = error instanceof Error ? error.name : 'a value that is no error';
    diag.error(`${SCOPE}: a prediction could not be told of, because of ${name}`);
  } catch {
    // Nobody is left to be told.
  }
};
