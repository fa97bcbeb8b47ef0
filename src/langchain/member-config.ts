import {
  CallbackManager,
  type CallbackManagerForLLMRun,
  type Callbacks,
} from '@langchain/core/callbacks/manager';
import { firstValueFrom, from, race, timer } from 'rxjs';
import { isObject } from '../domain/is-object.ts';

/** LangGraph shows its users no messages of runs with this tag. */
export const NO_STREAM = 'nostream';

/** The `context` of the calls of members: a configuration of LangChain. Runs with its callbacks are within that of the ensemble. */
export interface MemberConfig {
  readonly callbacks?: Callbacks;
  /** The `context` of the caller. */
  readonly context?: unknown;
}

/** What a run hands on to the runs within it. LangChain has a method for that only where a run is no call of a model. */
interface Inheritable {
  readonly inheritableHandlers: ConstructorParameters<typeof CallbackManagerForLLMRun>[2];
  readonly inheritableTags: string[];
  readonly inheritableMetadata: Record<string, unknown>;
}

/** The calls of chat models by the callbacks that they were made with. */
const callsWith = new WeakMap<object, Promise<unknown>[]>();

/** How long a run waits for those within it, in milliseconds. A cancelled call ends at once, unless it ignores its signal. */
const ENDING_MS = 100;

/** Returns the callbacks of the runs within a run, as `getChild` of other runs does. */
export const callbacksWithin = (run: CallbackManagerForLLMRun): CallbackManager => {
  const { inheritableHandlers, inheritableTags, inheritableMetadata } = run as unknown as Inheritable;
  const manager = new CallbackManager(run.runId);
  manager.setHandlers(inheritableHandlers);
  manager.addTags([...inheritableTags, NO_STREAM]);
  // Those of LangSmith name the model of a run.
  manager.addMetadata(
    Object.fromEntries(Object.entries(inheritableMetadata).filter(([name]) => !name.startsWith('ls_'))),
  );
  callsWith.set(manager, []);
  return manager;
};

/** Remembers a call of a chat model, whose run ends with it. */
export const remember = (call: Promise<unknown>, callbacks: Callbacks | undefined): void => {
  if (callbacks !== undefined) callsWith.get(callbacks)?.push(call);
};

/**
 * Waits for the calls that were made with callbacks. A run that ends after the one around it would have none around it in
 * traces, and a cancelled call ends a moment after the vote.
 */
export const ended = async (callbacks: Callbacks | undefined): Promise<void> => {
  const calls = callbacks && callsWith.get(callbacks);
  if (calls !== undefined && calls.length > 0)
    await firstValueFrom(race(from(Promise.allSettled(calls)), timer(ENDING_MS)));
};

/**
 * Returns the callbacks in the context of a prediction, if it is a configuration of LangChain: that of the run of an
 * ensemble, or the one that a node of LangGraph hands on.
 */
export const callbacksIn = (context: unknown): Callbacks | undefined => {
  const callbacks: unknown = isObject(context) ? Reflect.get(context, 'callbacks') : undefined;
  const areCallbacks =
    Array.isArray(callbacks) ||
    (isObject(callbacks) && typeof Reflect.get(callbacks, 'getParentRunId') === 'function');
  return areCallbacks ? (callbacks as Callbacks) : undefined;
};
