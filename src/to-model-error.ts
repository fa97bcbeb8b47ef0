import { ModelError } from './errors.ts';

/** What a model failed with, as an error of ours: the message of another one is not repeated. */
export const toModelError = (model: string, error: unknown): ModelError => {
  if (error instanceof ModelError) return error;
  const name = error instanceof Error ? error.name : 'a value that is no error';
  return new ModelError(model, `the call failed with ${name}`, { cause: error });
};
