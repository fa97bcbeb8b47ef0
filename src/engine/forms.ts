import type { Execution, StopRule } from '../domain/execution.ts';
import type { Normalizer } from '../domain/normalizer.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { VoteFunction, Voter } from '../domain/voter.ts';
import type { Spec } from '../options.ts';
import type { PolicyChain } from '../policies/policy-chain.ts';
import type { EnsembleOptions, PredictOverrides } from './ensemble-options.ts';

/** Options that can be set for one prediction, with values in place of names. */
export interface PredictionValues
  extends Omit<
    PredictOverrides,
    'signal' | 'context' | 'execution' | 'strategy' | 'normalization' | 'earlyStop'
  > {
  readonly execution?: Execution | undefined;
  readonly strategy?: Voter | VoteFunction | undefined;
  readonly normalization: Normalizer;
  readonly earlyStop?: number | StopRule | false | undefined;
}

/** Checks of options by their names. */
export type SpecTable = Readonly<Record<string, Spec>>;

/**
 * The forms in which an ensemble takes its options: values alone, or names and short forms as well. The engine itself knows
 * values only, so that a bundle has the named parts only if their names are accepted.
 */
export interface Forms {
  readonly ensembleSpecs: SpecTable;
  readonly overrideSpecs: SpecTable;
  /** Returns values in place of names. What is neither stays as it is, for the checks to refuse. */
  valuesOf(options: PredictOverrides): PredictionValues;
  /** Makes the policies of an ensemble. */
  policiesOf(options: EnsembleOptions): PolicyChain;
  /** Returns how to find out whether another normalization would read the same from answers that differ. */
  mismatchOf(normalize: Normalizer): ((outcomes: readonly Outcome[]) => string | undefined) | undefined;
}
