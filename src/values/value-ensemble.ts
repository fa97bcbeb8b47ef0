import type { Check } from '../domain/check.ts';
import type { StopRule } from '../domain/execution.ts';
import type { Model } from '../domain/model.ts';
import type { Normalizer } from '../domain/normalizer.ts';
import type { Query } from '../domain/request.ts';
import type { VoteFunction, Voter } from '../domain/voter.ts';
import type { EnsembleOptions, PredictOverrides } from '../engine/ensemble-options.ts';
import type { Deciding, Grouped } from '../engine/forms.ts';
import type { PredictionForms } from '../engine/predict.ts';
import type { QueryReader } from '../engine/request/text-request.ts';
import type { Policy } from '../policies/policy-chain.ts';
import type { EnsemblePolicies } from '../policies/short-forms.ts';
import type { ExecutionName } from '../strategies/named-strategies.ts';
import type { Ensemble, PredictEach } from './ensemble.ts';

/** Options without their names and short forms. A policy is a function, such as `retry()` of `crucible-ensemble/policies`. */
export type Values<Options> = {
  readonly [Option in keyof Options]: Option extends keyof EnsemblePolicies
    ? Policy
    : Option extends 'earlyStop'
      ? number | StopRule | false
      : Option extends 'decide'
        ? Deciding | false
        : Option extends 'grouping'
          ? Grouped | false
          : Exclude<Options[Option], ExecutionName>;
};

/** The options with types that depend on the answers. */
export interface OptionsOfAnswers<Answer> {
  /** How the votes are counted. Default: that of the execution, and otherwise `majority()`. */
  readonly strategy?: Voter | VoteFunction<Answer>;
  /** Whether an answer counts, as in {@link EnsembleOptions}. */
  readonly check?: Check<Answer>;
}

/** {@link EnsembleOptions} with values alone. `normalization` has no default, because the usual one is large. */
export interface ValueEnsembleOptions<Answer = unknown>
  extends Values<Omit<EnsembleOptions, 'normalization' | keyof OptionsOfAnswers<Answer>>>,
    OptionsOfAnswers<Answer> {
  /** How an answer is read out of a response: a function of the text, such as `numeric`. */
  readonly normalization: Normalizer<Answer>;
  /** How queries are read: `conversations` for messages, files and tools. Default: texts alone. */
  readonly queries?: QueryReader;
}

/** {@link PredictOverrides} with values alone. */
export interface ValueOverrides<Answer = unknown>
  extends Values<Omit<PredictOverrides, 'normalization' | keyof OptionsOfAnswers<Answer>>>,
    OptionsOfAnswers<Answer> {
  /** Another way to read answers, which changes their type. */
  readonly normalization?: Normalizer<Answer>;
}

/** {@link ValueOverrides} that keep the type of the answers: all but the normalization. */
export interface ValueOverridesFor<Answer> extends Omit<ValueOverrides<Answer>, 'normalization'> {
  readonly normalization?: never;
}

/** Takes a query and returns a prediction. Overriding the normalization changes the type of the answer. */
export interface PredictWithValues<Answer, Form extends keyof PredictionForms<unknown>> {
  <Other>(
    query: Query,
    overrides: ValueOverrides<Other> & { readonly normalization: Normalizer<Other> },
  ): PredictionForms<Other>[Form];
  // The last one, because TypeScript infers from that what an operator makes of an ensemble.
  (query: Query, overrides?: ValueOverridesFor<Answer>): PredictionForms<Answer>[Form];
}

/** An {@link Ensemble} with values in its overrides as well. */
export interface ValueEnsemble<Answer = unknown>
  extends Omit<Ensemble<Answer>, 'predict' | 'predict$' | 'stream' | 'predictAll'> {
  /** Makes one prediction. */
  predict: PredictWithValues<Answer, 'promise'>;
  /** The same as a cold Observable. */
  predict$: PredictWithValues<Answer, 'observable'>;
  /** Makes a prediction and emits what happens meanwhile. */
  stream: PredictWithValues<Answer, 'stream'>;
  /** Makes a prediction for each of many queries. */
  predictAll: PredictEach<Query, Answer, Model, ValueOverridesFor<Answer>>;
}
