import { answerKey } from '../domain/answer-key.ts';
import { ConfigError } from '../domain/errors.ts';
import { isObject } from '../domain/is-object.ts';
import type { Model } from '../domain/model.ts';
import type { Normalizer } from '../domain/normalizer.ts';
import { omit } from '../domain/omit.ts';
import type { Pricing } from '../domain/pricing.ts';
import { quotedName } from '../domain/quoting.ts';
import type { EnsembleOptions } from '../engine/ensemble-options.ts';
import { normalizationIn } from '../engine/option-checks.ts';
import { MAX_REQUEST_BYTES } from '../engine/option-specs.ts';
import { limitedSize } from '../engine/request/text-request.ts';
import { sizeOf, toRequest } from '../engine/to-request.ts';
import { jsonSchemaOf } from '../normalizers/answer-schema.ts';
import { suchThat } from '../options.ts';
import { policyNames } from '../policies/policy-chain.ts';
import type { EnsemblePolicies } from '../policies/short-forms.ts';
import { type PromptTemplate, promptTemplate } from './prompt-template.ts';
import type { Question } from './question.ts';
import { type RescoreCondition, rescoreCondition } from './rescoring/rescore-condition.ts';
import type { ScoringContext } from './scorers/scorer.ts';
import { answerReader } from './tuning/labelled-ballot-votes.ts';

/** The options of an ensemble, and the prompt with which it asks. */
export interface ConditionOptions extends Omit<EnsembleOptions, keyof EnsemblePolicies> {
  /**
   * The prompt that replaces the question: a text with fields of the dataset, such as `Question: {{question}}`. Values are
   * inserted unchanged: a list with one item per line, and `{{choices[0]}}` as one item. Write `\\{{` for the characters
   * themselves. Default: the question.
   */
  readonly prompt?: string;
}

/** Options of ensembles, by name. A condition without `timeoutMs` waits for every answer. */
export type Conditions = Readonly<Record<string, ConditionOptions>>;

/** A condition that is ready to be performed and scored. */
export interface PreparedCondition extends Pick<ScoringContext, 'readAnswer'> {
  readonly name: string;
  readonly perform: RescoreCondition;
  /** Equal for conditions of which the requests about a question are equal. */
  readonly asks: string;
  /** Reads the answers of its models. */
  readonly normalizer: Normalizer;
  /** The maximum size of a question that it takes, with its files as base64, in bytes. */
  readonly maxRequestBytes: number;
  /** How it asks, if not with the question itself. */
  readonly prompt?: PromptTemplate | undefined;
}

/** The conditions that are valid, and the faults of the others. */
export interface PreparedConditions {
  readonly ready: readonly PreparedCondition[];
  /** The models that the valid ones list. */
  readonly models: readonly Model[];
  readonly faults: readonly string[];
}

const hasConditions = (value: unknown): value is Conditions => isObject(value) && !Array.isArray(value);

/** The check of {@link Conditions}; their options are checked by {@link prepareConditions}. */
export const areConditions = suchThat(
  'an object with the options of a condition under each name',
  hasConditions,
);

/** Prepares each condition and collects the faults of all of them. */
export const prepareConditions = (conditions: unknown, pricing: Pricing | undefined): PreparedConditions => {
  if (!hasConditions(conditions)) return { ready: [], models: [], faults: [] };
  const ready: PreparedCondition[] = [];
  const models: Model[] = [];
  const faults: string[] = [];
  for (const [name, options] of Object.entries(conditions)) {
    const report = (fault: string): number =>
      faults.push(`runExperiment: condition ${quotedName(name)}: ${fault}`);
    [...policyFaults(options), ...modelFaults(options)].forEach(report);
    try {
      // A misplaced policy is one fault, without those of its options.
      const { prompt: template, ...ensemble } = omit(
        Object(options) as ConditionOptions & EnsemblePolicies,
        policyNames,
      );
      const prompt = template === undefined ? undefined : promptTemplate(template);
      const perform = rescoreCondition(name, pricing === undefined ? ensemble : { pricing, ...ensemble });
      const normalizer = normalizationIn(options);
      const read = answerReader(normalizer);
      if (Array.isArray(options.models)) models.push(...options.models);
      const { maxRequestBytes = MAX_REQUEST_BYTES } = ensemble;
      const readAnswer = (text: string): unknown => read(text)?.answer;
      const { system, settings } = ensemble;
      const asks = answerKey({ template, system, settings, answerSchema: jsonSchemaOf(normalizer) });
      ready.push({ name, perform, asks, normalizer, maxRequestBytes, prompt, readAnswer });
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      error.faults.map(withoutPolicies).forEach(report);
    }
  }
  if (Object.keys(conditions).length === 0)
    faults.push('runExperiment: option "conditions" is empty; name at least one');
  return { ready, models: [...new Set(models)], faults };
};

/** Returns the faults of a question for conditions: the fields that their prompts name and it does not have, and its size. */
export const conditionFaults = (
  conditions: readonly PreparedCondition[],
  question: Question,
): readonly string[] => {
  const size = sizeOf(toRequest(question.question));
  return conditions.flatMap(({ name, prompt, maxRequestBytes }) => {
    if (prompt === undefined && size <= maxRequestBytes) return [];
    return [
      ...(prompt?.faultsOf(question) ?? []).map((fault) => `prompt: ${fault}`),
      ...limitedSize(`question ${quotedName(question.id)}`, size, maxRequestBytes),
    ].map((fault) => `condition ${quotedName(name)}: ${fault}`);
  });
};

/** What to do about a policy that an experiment has in another way. */
const fixes: Readonly<Record<string, string>> = {
  cache: 'each of them is made once, so remove it',
  concurrency: 'set "providerConcurrency" of the experiment',
};

/** Leaves the policies out of the options that a fault lists. */
const withoutPolicies = (fault: string): string =>
  fault.replace(new RegExp(`(?<=; the options are .*)(?:, (?:${policyNames.join('|')}))+`, 'gs'), '');

/** Faults of options that apply to real calls. A condition makes none: it is performed on recorded calls. */
const policyFaults = (options: unknown): string[] =>
  Object.keys(Object(options))
    .filter((option) => (policyNames as readonly string[]).includes(option))
    .map(
      (option) =>
        `option "${option}" applies to real calls, which all conditions share; ${fixes[option] ?? `set "${option}" of the experiment`}`,
    );

/** A model of release 0.1.0 would lose its price, and its recorded calls would not be found. */
const modelFaults = (options: EnsembleOptions | null): string[] =>
  (Array.isArray(options?.models) ? options.models : [])
    .filter((model) => isObject(model) && 'modelName' in model && !('modelId' in model))
    .map(({ id }) => `model ${quotedName(id)} has "modelName"; did you mean "modelId"?`);
