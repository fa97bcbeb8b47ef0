import type { Model } from '../../domain/model.ts';
import type { EnsembleOptions } from '../../engine/ensemble-options.ts';
import { faultsOf, oneOf, refuse, shown } from '../../options.ts';
import { panelVoter } from './learned-voter.ts';
import type { Panel } from './panel.ts';
import { executionOf } from './panel-execution.ts';
import { panelFaults } from './panel-faults.ts';

/** Options of {@link fromPanel}. */
export interface FromPanelOptions {
  /** Models by their ids, which may be more than the panel needs; or a function that makes one for an id. */
  readonly models: readonly Model[] | ((id: string) => Model | undefined);
}

/** What a panel says of an ensemble. Its normalization, time limits and the rest are the caller's. */
export type PanelOptions = Required<
  Pick<EnsembleOptions, 'models' | 'strategy' | 'execution' | 'minResponses'>
>;

/**
 * The options with which `createEnsemble` runs a panel that {@link tune} has chosen. Give the ensemble the
 * normalization that the panel was tuned with. Costs what `panel.expected` says; an answer less sure than
 * `panel.acceptFrom` is none, and `predict` fails with `NoConsensusError`.
 *
 * @param panel a panel, parsed from JSON; nothing in it is believed before it is checked.
 *
 * @throws {ConfigError} listing every fault of the panel, and every member that there is no model for.
 *
 * @example
 * ```ts
 * import { fromPanel, labelledBallots, tune } from 'crucible-ensemble/experiment';
 *
 * const questions = Array.from({ length: 40 }, (_, index) => ({
 *   id: `${index}`,
 *   question: `What is ${index} + 1?`,
 *   expected: `${index + 1}`,
 *   responses: [
 *     { model: 'good', text: `${index + 1}` },
 *     { model: 'bad', text: `${index % 3 === 0 ? 0 : index + 1}` },
 *   ],
 * }));
 * const ballots = await Array.fromAsync(labelledBallots(questions, { normalization: 'numeric' }));
 * const { panel } = tune({ ballots, aim: { maximize: 'accuracy' } });
 * panel.members; // => ['good']
 *
 * const ensemble = createEnsemble({
 *   ...fromPanel(JSON.parse(JSON.stringify(panel)), { models: replay(questions) }),
 *   normalization: 'numeric',
 * });
 * (await ensemble.predict('What is 3 + 1?')).answer; // => 4
 * ```
 */
export const fromPanel = (panel: unknown, options: FromPanelOptions): PanelOptions => {
  const faults = [
    ...faultsOf('fromPanel', options, { models: isModels }),
    ...(options?.models === undefined ? ['fromPanel: option "models" must be given'] : []),
    ...panelFaults(panel),
  ];
  refuse(faults);
  const chosen = panel as Panel;
  const { models } = options;
  const find =
    typeof models === 'function' ? models : (id: string) => models.find((model) => model.id === id);
  const found = chosen.members.map((id) => ({ id, model: find(id) }));
  refuse(
    found.flatMap(({ id, model }) =>
      model?.id === id ? [] : [`fromPanel: there is no model with the id ${shown(id)} of the panel`],
    ),
  );
  return {
    models: found.flatMap(({ model }) => (model === undefined ? [] : [model])),
    strategy: panelVoter(chosen),
    execution: executionOf(chosen.execution),
    minResponses: 1,
  };
};

const isModels = oneOf(
  [],
  'an array of models, or a function of an id',
  (value) => Array.isArray(value) || typeof value === 'function',
);
