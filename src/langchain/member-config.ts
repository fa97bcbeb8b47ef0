import {
  CallbackManager,
  type CallbackManagerForLLMRun,
  type Callbacks,
} from '@langchain/core/callbacks/manager';
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
  return manager;
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
