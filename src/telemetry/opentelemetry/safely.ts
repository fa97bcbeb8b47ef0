import { diag } from '@opentelemetry/api';
import { nameOf } from '../../domain/foreign.ts';
import { SCOPE } from './conventions.ts';

/** Runs work and swallows its errors, because telemetry must not break a prediction. */
export type Safely = <Result>(work: () => Result) => Result | undefined;

/**
 * Creates a guard that reports the first error to OpenTelemetry's own log. It reports the name only, because a message
 * may quote an answer.
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
    const name = nameOf(error);
    diag.error(`${SCOPE}: a prediction could not be reported, because of ${name}`);
  } catch {
    // The log itself failed, so there is no other place to report to.
  }
};
