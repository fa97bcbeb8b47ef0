import { ConfigError } from '../domain/errors.ts';
import type { Pricing } from '../domain/pricing.ts';
import type { EnsembleOptions } from '../engine/ensemble-options.ts';
import { normalizerOf } from '../normalizers/normalizer-of.ts';
import { shown } from '../options.ts';
import { type RescoreCondition, rescoreCondition } from './rescoring/rescore-condition.ts';
import type { ScoringContext } from './scorers/scorer.ts';
import { answerReader } from './tuning/labelled-ballot-votes.ts';

/** Configurations of ensembles, by name. A condition without `timeoutMs` waits for every answer. */
export type Conditions = Readonly<Record<string, EnsembleOptions>>;

/** A condition, ready to be performed and scored. */
export interface PreparedCondition extends ScoringContext {
  readonly name: string;
  readonly perform: RescoreCondition;
}

/** Conditions that are ready, or every fault of every one. */
export const prepareConditions = (
  owner: string,
  conditions: unknown,
  pricing: Pricing | undefined,
): readonly PreparedCondition[] | { readonly faults: readonly string[] } => {
  if (typeof conditions !== 'object' || conditions === null || Array.isArray(conditions)) {
    const got =
      conditions === undefined ? 'is missing' : `must be options by name, but got ${shown(conditions)}`;
    return { faults: [`${owner}: option "conditions" ${got}`] };
  }
  const faults: string[] = [];
  const ready: PreparedCondition[] = [];
  for (const [name, options] of Object.entries(conditions as Conditions)) {
    faults.push(...policyFaults(options).map((fault) => `${owner}: condition ${shown(name)}: ${fault}`));
    try {
      const perform = rescoreCondition(name, pricing === undefined ? options : { pricing, ...options });
      const read = answerReader(normalizerOf(options.normalization));
      ready.push({ name, perform, readAnswer: (text) => read(text)?.answer });
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      faults.push(...error.faults.map((fault) => `${owner}: condition ${shown(name)}: ${fault}`));
    }
  }
  if (ready.length === 0 && faults.length === 0) faults.push(`${owner}: there is no condition`);
  return faults.length > 0 ? { faults } : ready;
};

/** Options that act on real calls, of which a condition makes none. */
const policies = ['retry', 'circuitBreaker', 'concurrency', 'rateLimit', 'cache', 'budget'];

const policyFaults = (options: unknown): string[] =>
  Object.keys(Object(options))
    .filter((option) => policies.includes(option))
    .map(
      (option) =>
        `option "${option}" acts on real calls; give the models the policy, as in models.map(retry())`,
    );
