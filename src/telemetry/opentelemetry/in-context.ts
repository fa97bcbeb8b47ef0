import { type Context, context } from '@opentelemetry/api';
import type { Safely } from './safely.ts';

/** Runs work exactly once within a context, even if the context manager fails. Errors of the work are thrown. */
export const inContext = (within: Context, work: () => void, safely: Safely): void => {
  let isDone = false;
  let thrown: { readonly error: unknown } | undefined;
  const once = (): void => {
    if (isDone) return;
    isDone = true;
    try {
      work();
    } catch (error) {
      thrown = { error };
    }
  };
  safely(() => context.with(within, once));
  once();
  if (thrown !== undefined) throw thrown.error;
};
