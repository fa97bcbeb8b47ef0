import { given } from '../domain/given.ts';
import type { ExperimentOptions } from '../experiment/run-experiment.ts';
import { refuse } from '../options.ts';
import { counted } from '../rendering/amounts.ts';
import type { CommandContext } from './cli-context.ts';
import { type LoadedExperiment, loadExperiment } from './experiment-file/load-experiment.ts';
import type { RunFlags } from './experiment-flags.ts';
import { listedModels } from './listed-models.ts';
import { publishedPrices } from './panel.ts';
import { budgetOf, priceFaults, withNominalPrices } from './spending-limit.ts';

/** Loads the experiment of a file. Flags override the file. */
export const loadWithFlags = async (
  path: string,
  { journal, concurrency, sample: size, seed, maxUsd }: RunFlags,
  context: CommandContext,
): Promise<LoadedExperiment> => {
  const limit = budgetOf(maxUsd);
  const loaded = await loadExperiment(path, { ...context, budget: limit });
  const { options, judge } = loaded;
  const sample: ExperimentOptions['sample'] =
    size === undefined && seed === undefined
      ? options.sample
      : { size: Number.MAX_SAFE_INTEGER, ...options.sample, ...given({ size, seed }) };
  if (size !== undefined || options.sample !== undefined) noteSmall(loaded.count, sample, context);
  const pricing =
    maxUsd === undefined ? undefined : withNominalPrices(options.pricing ?? (await publishedPrices()));
  // The caps of the command line replace those of the file.
  const budget = limit && { ...limit, ...options.budget, caps: limit.caps };
  if (pricing !== undefined)
    refuse(
      priceFaults(
        [...listedModels(options.conditions), ...(judge?.models ?? [])],
        pricing,
        'in the experiment',
      ),
    );
  return {
    ...loaded,
    ...given({ journalPath: journal }),
    options: { ...options, ...given({ concurrency, sample, budget, pricing }) },
  };
};

/** Says that a dataset has fewer questions than its sample should have. */
const noteSmall = (count: number, sample: ExperimentOptions['sample'], { errors }: CommandContext): void => {
  if (sample === undefined || sample.size <= count) return;
  errors.print(
    `the sample of ${sample.size} is larger than the dataset: all ${counted(count, 'question')} are used`,
  );
};
