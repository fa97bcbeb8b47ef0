import { InvalidRequestError } from '../domain/errors.ts';

/** The error of a request with something that a model cannot be sent. Nothing has been sent. */
export const cannotBeSent = (model: string, what: string): InvalidRequestError =>
  new InvalidRequestError(model, `this model cannot be sent ${what}`, { costUsd: 0 });
