import { type JuryOptions, jury } from '../../deciders/jury.ts';
import { given } from '../../domain/given.ts';
import { isRecord } from '../../domain/is-record.ts';
import type { Model } from '../../domain/model.ts';
import type { Pricing } from '../../domain/pricing.ts';
import { plainName } from '../../domain/quoting.ts';
import { createEnsemble } from '../../ensemble.ts';
import type { ExperimentPolicies } from '../../experiment/experiment-policies.ts';
import type { Journal } from '../../experiment/journal/journal.ts';
import { journaled } from '../../experiment/journal/journaled.ts';
import { memoryJournal } from '../../experiment/journal/memory-journal.ts';
import { judge } from '../../experiment/scorers/judge.ts';
import { juryScorer } from '../../experiment/scorers/jury.ts';
import type { Scorer } from '../../experiment/scorers/scorer.ts';
import { refuse, shown } from '../../options.ts';
import { policyNames } from '../../policies/policy-chain.ts';
import { toPolicyChain } from '../../policies/short-forms.ts';
import { collectFaults, type OnFault } from '../ensemble-file/config-value.ts';
import type { FileModels } from '../ensemble-file/file-models.ts';
import { readFields } from '../ensemble-file/last-steps.ts';
import { ensembleFields, unknownField } from '../ensemble-file/load-ensemble.ts';
import { readMembers, readOption } from '../ensemble-file/read-options.ts';
import { withNominalPrices } from '../spending-limit.ts';

/** The judge of a file. Its verdicts are recorded in the journal of the experiment, which is opened later. */
export interface FileJudge {
  readonly scorer: Scorer;
  readonly models: readonly Model[];
  /** The model of each call for an answer. */
  readonly calls: readonly Model[];
  /** Sets the journal. Until then, verdicts are kept in memory. */
  readonly record: (journal: Journal) => void;
}

/** What a judge of a file shares with its experiment. */
export interface JudgeContext {
  readonly models: FileModels;
  /** The published prices, for a budget of models that report their costs. */
  readonly prices: Pricing;
  /** The budget of the experiment. */
  readonly budget: ExperimentPolicies['budget'];
  readonly onFault: OnFault;
}

/** The fields of a judge: those of an ensemble that have an effect on a verdict, and its rubric. */
export const judgeFields: readonly string[] = [
  ...ensembleFields.filter(
    (field) => !['$schema', 'names', 'normalization', 'grouping', 'decide', 'panel', 'cache'].includes(field),
  ),
  'rubric',
];

/** The fields of a jury: its options that have an effect on a grade, and policies of its members. */
export const juryFields: readonly string[] = [
  'members',
  'scale',
  'rubric',
  'review',
  ...policyNames.filter((name) => name !== 'cache'),
];

const PLACE = 'scorer.judge';

/**
 * Reads the judge of a file: the name of a model, or the options of an ensemble with a `rubric`. Policies stand within the
 * journal, so that a verdict that is recorded is not asked again.
 */
export const fileJudge = (
  value: unknown,
  { models, prices, budget, onFault }: JudgeContext,
): FileJudge | undefined => {
  const fields = typeof value === 'string' ? { models: [value] } : value;
  if (!isRecord(fields)) {
    onFault(
      PLACE,
      `expected the name of a model, or { "models": […], "rubric": "…" }, but got ${shown(value)}`,
    );
    return undefined;
  }
  for (const field of Object.keys(fields).filter((name) => !judgeFields.includes(name)))
    onFault(`${PLACE}.${plainName(field)}`, unknownField(field, judgeFields));
  const readModel = (at: string, member: unknown): Model | undefined => models.read(at, member, onFault);
  const readPanel = (place: string, panel: unknown): unknown => readMembers(place, panel, readModel);
  const { rubric, ...read } = Object.fromEntries(
    Object.entries(fields)
      .filter(([field]) => judgeFields.includes(field))
      .map(([field, option]) => [
        field,
        readOption(`${PLACE}.${field}`, field, option, { readPanel, readModel, onFault }),
      ]),
  );
  const policies = Object.fromEntries(Object.entries(read).filter(([name]) => isPolicy(name)));
  const options = Object.fromEntries(Object.entries(read).filter(([name]) => !isPolicy(name)));
  const members = Array.isArray(options.models) ? (options.models as readonly Model[]) : undefined;
  return collectFaults(onFault, PLACE, () => {
    const { recorded, pricing, record } = recording(policies, { models, prices, budget });
    const ensemble = createEnsemble({
      ...options,
      ...given({ models: members?.map(recorded), pricing }),
    } as Parameters<typeof createEnsemble>[0]);
    return {
      scorer: judge({ ensemble, ...(rubric !== undefined && { rubric: rubric as string }) }),
      models: members ?? [],
      calls: members ?? [],
      record,
    };
  });
};

const JURY = 'scorer.jury';

/** Reads the jury of a file: its options, and policies of its members. Its grades are recorded as those of a judge. */
export const fileJury = (
  value: unknown,
  { models, prices, budget, onFault }: JudgeContext,
): FileJudge | undefined => {
  if (!isRecord(value)) {
    onFault(JURY, `expected { "members": […], "scale": …, "rubric": "…" }, but got ${shown(value)}`);
    return undefined;
  }
  for (const field of Object.keys(value).filter((name) => !juryFields.includes(name)))
    onFault(`${JURY}.${plainName(field)}`, unknownField(field, juryFields));
  const readModel = (at: string, member: unknown): Model | undefined => models.read(at, member, onFault);
  const readPanel = (place: string, panel: unknown): unknown => readMembers(place, panel, readModel);
  const policies = Object.fromEntries(
    Object.entries(value)
      .filter(([field]) => isPolicy(field) && juryFields.includes(field))
      .map(([field, option]) => [
        field,
        readOption(`${JURY}.${field}`, field, option, { readPanel, readModel, onFault }),
      ]),
  );
  const known = Object.entries(value).filter(([field]) => juryFields.includes(field) && !isPolicy(field));
  const options = readFields(JURY, Object.fromEntries(known), { readModel, onFault }) as JuryOptions;
  return collectFaults(onFault, JURY, () => {
    const { recorded, pricing, record } = recording(policies, { models, prices, budget });
    const { members } = jury(options);
    return {
      scorer: juryScorer(jury({ ...options, members: members.map(recorded) }), pricing),
      models: members,
      calls: options.scale === 'pairwise' ? [...members, ...members] : members,
      record,
    };
  });
};

const isPolicy = (name: string): boolean => (policyNames as readonly string[]).includes(name);

/** How the models of a judge are called: with these policies, within the journal of the experiment. */
const recording = (
  policies: Readonly<Record<string, unknown>>,
  { models, prices, budget }: Omit<JudgeContext, 'onFault'>,
): {
  readonly recorded: (model: Model) => Model;
  readonly pricing: Pricing | undefined;
  readonly record: FileJudge['record'];
} => {
  const limit = policies.budget ?? budget;
  const pricing = limit === undefined ? models.pricing() : withNominalPrices(models.pricing() ?? prices);
  let journal: Journal = memoryJournal();
  const current: Journal = {
    get: (key) => journal.get(key),
    append: (entry) => journal.append(entry),
    entries: () => journal.entries(),
    get count() {
      return journal.count;
    },
    close: () => journal.close(),
  };
  const chain = toPolicyChain({
    ...policies,
    ...given({ budget: limit as ExperimentPolicies['budget'], pricing }),
  });
  refuse(chain.faults);
  return {
    recorded: (model) => journaled({ journal: current })(chain.apply(model)),
    pricing,
    record: (opened) => {
      journal = opened;
    },
  };
};
