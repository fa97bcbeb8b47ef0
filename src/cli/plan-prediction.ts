import type { OwnAttachment } from '../domain/attachment.ts';
import type { Execution } from '../domain/execution.ts';
import { given } from '../domain/given.ts';
import type { Grouping } from '../domain/grouping.ts';
import type { Model } from '../domain/model.ts';
import type { Normalizer } from '../domain/normalizer.ts';
import type { Pricing } from '../domain/pricing.ts';
import { shownPath } from '../domain/quoting.ts';
import type { EnsembleOptions } from '../engine/ensemble-options.ts';
import { createEnsemble } from '../ensemble.ts';
import { choice } from '../normalizers/choice.ts';
import { refuse } from '../options.ts';
import { printable } from '../rendering/printable.ts';
import { cascade } from '../strategies/execution/cascade.ts';
import { hedged } from '../strategies/execution/hedged.ts';
import { parallel } from '../strategies/execution/parallel.ts';
import { sequential } from '../strategies/execution/sequential.ts';
import type { CommandContext } from './cli-context.ts';
import { collectFaults, type OnFault, passFaults } from './ensemble-file/config-value.ts';
import type { LoadedEnsemble } from './ensemble-file/load-ensemble.ts';
import { toFlagFault } from './flag-checks.ts';
import { type CommandPanel, choosePanel, publishedPrices } from './panel.ts';
import type { ParsedFlags } from './parse-predict-flags.ts';
import type { PredictFlags } from './predict-flags.ts';
import { filesGiven } from './questions.ts';
import { budgetOf, priceFaults } from './spending-limit.ts';

/** The ensemble that the flags describe. */
export interface PredictionPlan {
  readonly options: EnsembleOptions & { readonly models: readonly Model[]; readonly execution: Execution };
  /** The files that go with every question. */
  readonly files: readonly OwnAttachment[];
  /** Names the models in one line, if the flags do not. */
  readonly note?: string;
}

/**
 * Builds the ensemble that the flags describe, and reads the recording and the file of the ensemble. Flags override the
 * file.
 *
 * @throws {ConfigError} that lists every fault at once: those found when the flags were parsed, those of the
 *   files, and those of the options in combination.
 */
export const planPrediction = async (
  { flags, faults }: ParsedFlags,
  context: Pick<CommandContext, 'env' | 'signal' | 'errors'>,
): Promise<PredictionPlan> => {
  const found = [...faults];
  const onFault: OnFault = (flag, fault) => found.push(flag + toFlagFault(fault));
  const file = await ensembleOf(flags, context).catch((error) =>
    passFaults(error, (fault) => onFault('--ensemble: ', fault)),
  );
  const panel = await panelOf(flags, file, { ...context, isValid: found.length === 0 }).catch((error) =>
    passFaults(error, (fault) => onFault(flags.replay === undefined ? '' : '--replay: ', fault)),
  );
  const files = await filesGiven(flags.file).catch((error) =>
    passFaults(error, (fault) => found.push(fault)),
  );
  const { choices } = flags;
  const normalization =
    choices === undefined
      ? await normalizationOf(flags)
      : collectFaults(onFault, '--choices: ', () => choicesOf(choices));
  const grouping = await groupingOf(flags);
  const { strategy, timeoutMs, deadlineMs, minResponses, earlyStop, system, samples } = flags;
  const options: PredictionPlan['options'] = {
    ...file?.options,
    models: panel?.models ?? [],
    execution: executionOf(flags, file?.options.execution),
    ...given({
      strategy,
      normalization,
      grouping,
      earlyStop,
      timeoutMs,
      deadlineMs,
      minResponses,
      system,
      samples,
      pricing: panel?.pricing ?? (await pricingFor(flags, file)),
      budget: budgetOf(flags.maxUsd),
    }),
  };
  // Without its models, the panel cannot be checked.
  if (panel !== undefined) {
    const { options: ofFile = {} } = file ?? {};
    const onFileFault: OnFault = (place, fault) =>
      found.push(`${place}${fault.replace(/^createEnsemble: /, '')}`);
    const isFileValid = collectFaults(onFileFault, `${shownPath(flags.ensemble ?? '')}: `, () =>
      createEnsemble({ ...ofFile, ...given({ pricing: options.pricing }), models: panel.models }),
    );
    if (isFileValid !== undefined) collectFaults(onFault, '', () => createEnsemble(options));
    found.push(...pricesMissing(flags, options));
  }
  refuse(found);
  return { options, files: files ?? [], ...given({ note: panel?.note }) };
};

type PlanContext = Pick<CommandContext, 'env' | 'signal' | 'errors'>;

const ensembleOf = async (
  { ensemble: path }: PredictFlags,
  { env, errors }: PlanContext,
): Promise<LoadedEnsemble | undefined> => {
  if (path === undefined) return undefined;
  // Loaded only if there is a file: it can name every function of the library.
  const { loadEnsemble } = await import('./ensemble-file/load-ensemble.ts');
  return loadEnsemble(path, {
    env,
    pricing: await publishedPrices(),
    onWarning: (warning) => errors.print(printable(warning)),
  });
};

/** The panel of the flags, or else that of the file, or else the default one. */
const panelOf = async (
  flags: PredictFlags,
  file: LoadedEnsemble | undefined,
  { isValid, ...context }: PlanContext & { readonly isValid: boolean },
): Promise<CommandPanel | undefined> => {
  const isChosen = [flags.models, flags.replay, flags.simulate].some((flag) => flag !== undefined);
  if (isChosen) return choosePanel(flags, context);
  const models = file?.options.models as readonly Model[] | undefined;
  if (models !== undefined) return { models, ...given({ pricing: file?.models.pricing() }) };
  // With faults, no server is asked for its models.
  return isValid ? choosePanel(flags, context) : undefined;
};

/** A budget needs prices, even if the models report their costs. */
const pricingFor = async (
  { maxUsd }: PredictFlags,
  file: LoadedEnsemble | undefined,
): Promise<Pricing | undefined> =>
  maxUsd === undefined && file?.options.budget === undefined ? undefined : publishedPrices();

/** The models of which a limit of money needs the price. Simulated and recorded ones exclude such a limit. */
const pricesMissing = (
  { maxUsd, simulate, replay }: PredictFlags,
  { models, pricing }: EnsembleOptions,
): string[] =>
  maxUsd === undefined || simulate !== undefined || replay !== undefined
    ? []
    : priceFaults(models as readonly Model[], pricing, 'in a file for --ensemble');

/** `--choices` as a normalizer, which refuses wrong ones. */
const choicesOf = (choices: string): Normalizer =>
  choice(choices.split(',').map((option) => option.trim())) as Normalizer;

/** Loaded only if it is asked for, as few predictions need it. */
const normalizationOf = async ({
  normalization,
}: PredictFlags): Promise<EnsembleOptions['normalization']> => {
  if (normalization !== 'math') return normalization;
  const { math } = await import('../math/math.ts');
  return math();
};

/** Loaded only if it is asked for, because most predictions compare answers as they are. */
const groupingOf = async ({ grouping }: PredictFlags): Promise<Grouping | undefined> => {
  if (grouping === undefined) return undefined;
  const { byContent, bySimilarity } = await import('../grouping/grouping.ts');
  return { byContent, bySimilarity }[grouping]();
};

/** The execution of the flags, or else that of the file. */
const executionOf = (
  { execution: name, minConsensus, hedgeDelayMs, maxHedges, confidenceThreshold }: PredictFlags,
  ofFile: EnsembleOptions['execution'] = 'parallel',
): Execution => {
  const made = {
    parallel: () => parallel(),
    sequential: () => sequential(given({ minConsensus })),
    hedged: () => hedged(given({ hedgeDelayMs, maxHedges })),
    cascade: () => cascade(given({ confidenceThreshold })),
  };
  if (name === undefined && typeof ofFile === 'object') return ofFile;
  const chosen = name ?? ofFile;
  // The ensemble refuses another name in the file.
  return Object.hasOwn(made, chosen as string) ? made[chosen as keyof typeof made]() : (chosen as Execution);
};
