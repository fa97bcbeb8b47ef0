import { type Execution, type StopRule, traitsOf } from '../domain/execution.ts';
import { internal } from '../domain/internal.ts';
import { isObject } from '../domain/is-object.ts';
import { type DirectCall, type Model, withoutConfidence } from '../domain/model.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { QuerySettings } from '../domain/query-settings.ts';
import type { Voter } from '../domain/voter.ts';
import type { PredictionValues } from './forms.ts';

/** The parts of a prediction that depend on each other. */
export interface Combination {
  readonly execution: Execution;
  readonly voter: Voter;
  /** The models without the policies of the ensemble. */
  readonly models: readonly Model[];
  readonly options: Pick<PredictionValues, 'earlyStop' | 'samples'>;
  readonly timeoutMs: number;
  readonly deadlineMs: number;
}

/** Returns what has no effect, with what to do about it: a prediction has these sentences as warnings. */
export const ineffective = (combination: Combination): readonly string[] =>
  [earlyStopWithoutEffect, hedgeAfterTheEnd, hedgeWithoutModel].flatMap((find) => find(combination) ?? []);

type Finding = (combination: Combination) => string | undefined;

const earlyStopWithoutEffect: Finding = ({ voter, options: { earlyStop } }) => {
  const why = voter[internal]?.undecidedBecause;
  const isDecided = typeof earlyStop === 'function' && traitsOf(earlyStop).isDecided === true;
  return why === undefined || !isDecided
    ? undefined
    : `option "earlyStop" is 'decided', which ends no vote by ${voter.name} early, because ${why}: use a rule such as confident(0.9), or leave it out`;
};

const hedgeAfterTheEnd: Finding = ({ execution, timeoutMs, deadlineMs }) => {
  const { owner, delayMs = 0 } = execution[internal]?.hedging ?? {};
  const [name, limitMs] = deadlineMs < timeoutMs ? ['deadlineMs', deadlineMs] : ['timeoutMs', timeoutMs];
  return owner === undefined || delayMs < limitMs
    ? undefined
    : `${owner}: option "hedgeDelayMs" is ${delayMs}, but option "${name}" ends a late call after ${limitMs} ms, so that there is no hedge: lower the delay, or raise the limit`;
};

const hedgeWithoutModel: Finding = ({ execution, models, options: { samples = 1 } }) =>
  execution[internal]?.hedging?.isToNext === true && models.length * samples === 1
    ? "hedged: the panel has one model, so that there is no other to hedge with: add a model, or use hedged({ to: 'same' })"
    : undefined;

/** The calls of a prediction: each model as often as it is called, and how its answers are sampled. */
interface Sampling {
  readonly members: readonly Model[];
  readonly samples: number;
  /** The settings of the request, which go before those of the models. */
  readonly settings: QuerySettings | undefined;
}

/** Returns a warning if models are asked several times with settings with which they say the same each time. */
export const alikeSamples = ({ members, samples, settings }: Sampling): readonly string[] => {
  if (samples === 1) return [];
  const found = members.flatMap((model, call) => {
    const cause = call % samples === 0 ? sameness(model, settings) : undefined;
    return cause === undefined ? [] : [`${model.id} with ${cause}`];
  });
  return found.length === 0
    ? []
    : [
        `option "samples" is ${samples}, but samples cannot differ if nothing is left to chance (${found.join(', ')}): set a temperature above 0 without a seed, or leave "samples" out`,
      ];
};

/** The setting with which a model says the same each time. */
const sameness = ({ settings: own = {} }: Model, asked: QuerySettings = {}): string | undefined => {
  const raw = isObject(own.parameters) ? (own.parameters as Readonly<Record<string, unknown>>) : {};
  const setting = (name: keyof QuerySettings, field: string): unknown =>
    asked[name] ?? raw[field] ?? own[name];
  if (setting('temperature', 'temperature') === 0) return 'temperature 0';
  if (setting('topP', 'top_p') === 0) return 'topP 0';
  if (setting('topK', 'top_k') === 1) return 'topK 1';
  // A simulated model has a seed of another kind.
  return (asked.seed ?? raw.seed) === undefined ? undefined : 'a seed';
};

/** Returns the faults of a combination that cannot do what it is for: a cascade that nothing ends. */
export const impossible = ({ execution, models }: Combination): readonly string[] =>
  models.length > 1 && usesConfidence(execution.earlyStop) && models.every(givesNone)
    ? [
        `${execution.name ?? 'confident'}: no model of the panel gives a confidence, so that every model would be asked, one after the other; ${HOW_TO_GET_ONE}`,
      ]
    : [];

const usesConfidence = (rule: unknown): boolean =>
  typeof rule === 'function' && traitsOf(rule as StopRule).usesConfidence === true;

const givesNone = ({ call }: Model): boolean => (call as DirectCall)[withoutConfidence] === true;

const HOW_TO_GET_ONE =
  "wrap the models with statedConfidence(model) or withConfidence(model, …), or give them the option confidence: 'logprobs' if they have it";

/** The names of what depends on the confidences of votes, and does nothing of its own without any. */
export const confidenceUsers = ({
  execution,
  voter,
  options: { earlyStop },
}: Pick<Combination, 'execution' | 'voter' | 'options'>): readonly string[] => {
  const isBrought = voter === execution.strategy;
  return [
    ...(usesConfidence(execution.earlyStop) ? [execution.name ?? 'confident'] : []),
    ...(usesConfidence(earlyStop) ? ['confident'] : []),
    ...(voter[internal]?.usesConfidence === true && !isBrought ? [voter.name] : []),
  ];
};

/** Returns a warning if a prediction depends on confidences, and no vote has one. */
export const confidenceWarning = (
  users: readonly string[],
  outcomes: readonly Outcome[],
): string | undefined => {
  const isWithout = (outcome: Outcome): boolean =>
    outcome.status !== 'answered' || outcome.confidence === undefined;
  return users.length > 0 && outcomes.every(isWithout)
    ? `${users.join(' and ')}: no vote has a confidence, so that ${users.length === 1 ? 'it has' : 'they have'} no effect; ${HOW_TO_GET_ONE}`
    : undefined;
};
