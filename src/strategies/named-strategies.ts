import type { Execution } from '../domain/execution.ts';
import type { Voter } from '../domain/voter.ts';
import { cascade } from './execution/cascade.ts';
import { hedged } from './execution/hedged.ts';
import { parallel } from './execution/parallel.ts';
import { sequential } from './execution/sequential.ts';
import { bestConfidence } from './voting/best-confidence.ts';
import { majority } from './voting/majority.ts';
import { unanimous } from './voting/unanimous.ts';
import { weighted } from './voting/weighted.ts';

/** The executions that can be asked for by name, with their defaults. */
export const executions: Readonly<Record<ExecutionName, () => Execution>> = {
  parallel,
  sequential,
  hedged,
  cascade,
};
/** The voting strategies that can be asked for by name, with their defaults. */
export const strategies: Readonly<Record<StrategyName, () => Voter>> = {
  majority,
  weighted,
  bestConfidence,
  unanimous,
};

/** The executions and the voting strategies that can be asked for by name, with their defaults. */
export type ExecutionName = 'parallel' | 'sequential' | 'hedged' | 'cascade';
export type StrategyName = 'majority' | 'weighted' | 'bestConfidence' | 'unanimous';
