import { ConfigError } from '../../domain/errors.ts';
import { guarding } from '../../domain/foreign.ts';
import type { Model } from '../../domain/model.ts';
import { quotedName } from '../../domain/quoting.ts';
import type { EnsembleOptions } from '../../engine/ensemble-options.ts';
import { aModel, checked, reading, refuse, required, suchThat } from '../../options.ts';
import { panelVoter } from './learned-voter.ts';
import type { Panel } from './panel.ts';
import { executionOf } from './panel-execution.ts';
import { panelFaults } from './panel-faults.ts';

/** Options of {@link fromPanel}. */
export interface FromPanelOptions {
  /** Models, at least those of the panel, or a function that returns the model with an id. */
  readonly models: readonly Model[] | ((id: string) => Model | undefined);
}

/** The options of an ensemble that a panel decides. The normalization, time limits and the rest are the caller's. */
export type PanelOptions = Required<
  Pick<EnsembleOptions, 'models' | 'strategy' | 'execution' | 'minResponses'>
>;

/**
 * Returns the options with which `createEnsemble` runs a panel that {@link tune} has chosen. Use the normalization that the
 * panel was tuned with. The expected costs are those of `panel.expected`. If an answer is less sure than
 * `panel.acceptFrom`, `predict` rejects with `NoConsensusError`.
 *
 * @param panel a panel, parsed from JSON. All of it is checked.
 *
 * @throws {ConfigError} that lists every fault of the panel and every member without a model.
 *
 * @example
 * ```ts
 * import { createEnsemble, replay } from 'crucible-ensemble';
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
  return reading('fromPanel', () => {
    const { models } = checked('fromPanel', options, { models: required(isModels) }, panelFaults(panel));
    const chosen = panel as Panel;
    const find =
      typeof models === 'function'
        ? foundBy(models)
        : (id: string) => models.find((model) => model.id === id);
    const found = chosen.members.map((id) => ({ id, model: find(id) }));
    refuse(
      found.flatMap(({ id, model }) =>
        model?.id === id
          ? []
          : [
              `fromPanel: option "models" has no model with the id ${quotedName(id)}, a member of the panel: add it`,
            ],
      ),
    );
    return {
      models: found.flatMap(({ model }) => (model === undefined ? [] : [model])),
      strategy: panelVoter(chosen),
      execution: executionOf(chosen.execution),
      minResponses: 1,
    };
  });
};

/** The models of a caller: what the function throws is a fault of the configuration. */
const foundBy =
  (models: (id: string) => Model | undefined) =>
  (id: string): Model | undefined =>
    guarding(
      () => models(id),
      (fault) => {
        throw new ConfigError([`fromPanel: models(${quotedName(id)}) ${fault}`]);
      },
      (value) => (value === undefined ? undefined : aModel(value)),
    );

const isModels = suchThat(
  'an array of models, or a function of an id',
  (value) => Array.isArray(value) || typeof value === 'function',
);
