import type { Execution } from '../domain/execution.ts';
import { given } from '../domain/given.ts';
import type { Model } from '../domain/model.ts';
import type { Normalizer } from '../domain/normalizer.ts';
import type { EnsembleOptions } from '../engine/ensemble-options.ts';
import { createEnsemble } from '../ensemble.ts';
import { choice } from '../normalizers/choice.ts';
import { refuse } from '../options.ts';
import { cascade } from '../strategies/execution/cascade.ts';
import { hedged } from '../strategies/execution/hedged.ts';
import { parallel } from '../strategies/execution/parallel.ts';
import { sequential } from '../strategies/execution/sequential.ts';
import type { CliContext } from './cli-context.ts';
import { collectFaults, type OnFault, passFaults } from './experiment-file/config-value.ts';
import { toFlagFault } from './flags.ts';
import { choosePanel } from './panel.ts';
import type { ParsedFlags, PredictFlags } from './predict-flags.ts';

/** The ensemble that the flags describe. */
export interface PredictionPlan {
  readonly options: EnsembleOptions & { readonly models: readonly Model[]; readonly execution: Execution };
  /** Names the models in one line, if the flags do not. */
  readonly note?: string;
}

/**
 * Builds the ensemble that the flags describe, and reads the recording.
 *
 * @throws {ConfigError} that lists every fault at once: those found when the flags were parsed, those of the
 *   recording, and those of the options in combination.
 */
export const planPrediction = async (
  { flags, faults }: ParsedFlags,
  context: Pick<CliContext, 'env' | 'signal'>,
): Promise<PredictionPlan> => {
  const found = [...faults];
  const onFault: OnFault = (flag, fault) => found.push(flag + toFlagFault(fault));
  const panelFlag = flags.replay === undefined ? '' : '--replay: ';
  const isChosen = [flags.models, flags.replay, flags.simulate].some((flag) => flag !== undefined);
  // With faults, no server is asked for its models.
  const panel =
    isChosen || faults.length === 0
      ? await choosePanel(flags, context).catch((error) =>
          passFaults(error, (fault) => onFault(panelFlag, fault)),
        )
      : undefined;
  const normalization = collectFaults(onFault, '--choices: ', () => normalizationOf(flags));
  const { strategy, timeoutMs, deadlineMs, minResponses, earlyStop } = flags;
  const options: PredictionPlan['options'] = {
    models: panel?.models ?? [],
    execution: executionOf(flags),
    ...given({
      strategy,
      normalization,
      earlyStop,
      timeoutMs,
      deadlineMs,
      minResponses,
      pricing: panel?.pricing,
    }),
  };
  // Without its models, the panel cannot be checked.
  if (panel !== undefined) collectFaults(onFault, '', () => createEnsemble(options));
  refuse(found);
  return { options, ...given({ note: panel?.note }) };
};

const normalizationOf = ({ choices, normalization }: PredictFlags): EnsembleOptions['normalization'] =>
  choices === undefined
    ? normalization
    : (choice(choices.split(',').map((option) => option.trim())) as Normalizer);

const executionOf = ({
  execution = 'parallel',
  minConsensus,
  hedgeDelayMs,
  maxHedges,
  confidenceThreshold,
}: PredictFlags): Execution => {
  const executions = {
    parallel: () => parallel(),
    sequential: () => sequential(given({ minConsensus })),
    hedged: () => hedged(given({ hedgeDelayMs, maxHedges })),
    cascade: () => cascade(given({ confidenceThreshold })),
  };
  return executions[execution]();
};
