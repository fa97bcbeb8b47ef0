import type { Observable } from 'rxjs';
import type { Decider } from '../domain/decider.ts';
import type { Execution, StopRule } from '../domain/execution.ts';
import type { Grouping } from '../domain/grouping.ts';
import type { internal } from '../domain/internal.ts';
import type { Normalizer } from '../domain/normalizer.ts';
import type { RoleCall } from '../domain/role-call.ts';
import type { VoteFunction, Voter } from '../domain/voter.ts';
import type { Spec } from '../options.ts';
import type { PolicyChain } from '../policies/policy-chain.ts';
import type { EnsembleOptions, PredictOverrides } from './ensemble-options.ts';
import type { Mismatch } from './mismatch.ts';
import type { QueryReader } from './request/text-request.ts';

/** The steps between the votes and the prediction. They know the run, and its type would name this one. */
export type ClosingSteps = (run: never, election: never, tally: never) => unknown;

/** A decider with the steps that ask it, so that a bundle has these only if a decider is passed. */
export interface Deciding {
  /** The decider, or what a function of the tally decides. */
  readonly decider: Decider;
  /** @internal */
  readonly [internal]: { readonly closing: ClosingSteps };
}

/** A grouping with what counts and refines its groups, so that a bundle has that only if a grouping is passed. */
export interface Grouped {
  /** The grouping, or that of a function of the votes. */
  readonly grouping: Grouping;
  /** @internal */
  readonly [internal]: {
    readonly voterOf: (voter: Voter) => Voter;
    readonly closing: ClosingSteps;
  };
}

/** Options that can be set for one prediction, with values in place of names. */
export interface PredictionValues
  extends Omit<
    PredictOverrides,
    'signal' | 'context' | 'execution' | 'strategy' | 'normalization' | 'earlyStop' | 'grouping' | 'decide'
  > {
  readonly execution?: Execution | undefined;
  readonly strategy?: Voter | VoteFunction | undefined;
  readonly normalization: Normalizer;
  readonly earlyStop?: number | StopRule | false | undefined;
  readonly grouping?: Grouped | false | undefined;
  readonly decide?: Deciding | false | undefined;
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
  readonly queries: QueryReader;
  /** The steps after the votes, for a voter that refines; absent if only a decider or a grouping brings them. */
  readonly closing?: ClosingSteps;
  /** Makes the calls of a check, for a run; absent in an ensemble of values. */
  readonly roleCalls?: (run: never, ended$: Observable<void>) => RoleCall;
  /** Makes the policies of an ensemble. */
  policiesOf(options: EnsembleOptions): PolicyChain;
  /** Returns how to find out whether answers that differ agree on more than was counted. */
  mismatchOf(normalize: Normalizer): Mismatch | undefined;
}
