import { MalformedResponseError } from '../domain/errors.ts';
import { asObject } from './as-object.ts';

/**
 * Reads a field of a provider's usage as a number of tokens. Absent is `undefined`; 0 stays 0.
 *
 * @throws {MalformedResponseError} if the field is not a number of tokens, such as −1.
 */
export const tokenCount = (model: string, usage: unknown, name: string): number | undefined => {
  const value = asObject(usage)[name] ?? undefined;
  if (value === undefined) return undefined;
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
  throw new MalformedResponseError(
    model,
    `the usage of the response is invalid: "${name}" is not a number of tokens`,
  );
};
