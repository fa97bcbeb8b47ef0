import type { Execution, StopRule } from '../domain/execution.ts';
import type { Model } from '../domain/model.ts';
import type { Voter } from '../domain/voter.ts';
import type { JudgeOptions } from '../engine/judge.ts';

/** The options of an ensemble, checked and completed. */
export interface Settings<Answer> extends Omit<JudgeOptions<Answer>, 'check'> {
  readonly models: readonly Model[];
  readonly ids: readonly string[];
  readonly execution: Execution;
  readonly voter: Voter;
  readonly stopRules: readonly StopRule[];
  /** The consensus that is looked for. */
  readonly threshold: number | undefined;
  readonly minResponses: number;
  readonly timeoutMs: number;
  readonly deadlineMs: number;
  readonly system: string | undefined;
}
