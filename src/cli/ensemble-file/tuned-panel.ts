import { readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { ConfigError } from '../../domain/errors.ts';
import type { Model } from '../../domain/model.ts';
import { fromPanel } from '../../experiment/tuning/from-panel.ts';
import { unreadable } from '../../node/unreadable.ts';
import { shown } from '../../options.ts';
import { collectFaults, type OnFault } from './config-value.ts';
import { parseJson } from './json-text.ts';

/** The options that a panel decides, in addition to its models. */
const DECIDED = ['strategy', 'execution', 'minResponses'];

/** Where a panel stands, and the models that it may have. */
interface PanelSource {
  /** The place of the options in the file. */
  readonly place: string;
  /** The folder of the file, from which the path of the panel leads. */
  readonly folder: string;
  /** Makes the model of a member that is not among the models of the options. */
  readonly find: (place: string, id: string) => Model | undefined;
  readonly onFault: OnFault;
}

/**
 * Returns options in which the file of a panel, as `tune` writes it, is replaced by what it decides: its members, their voting
 * strategy and their execution.
 */
export const withTunedPanel = (
  { panel, ...options }: Readonly<Record<string, unknown>>,
  { place, folder, find, onFault }: PanelSource,
): Readonly<Record<string, unknown>> => {
  if (panel === undefined) return options;
  const at = place === '' ? 'panel' : `${place}.panel`;
  for (const option of DECIDED.filter((name) => name in options))
    onFault(at, `the panel decides "${option}", which is given too; remove one of them`);
  const pool = options.models as readonly Model[] | undefined;
  const found = collectFaults(onFault, at, () =>
    fromPanel(readPanelFile(panel, folder), {
      models: pool ?? ((id) => find(at, id)),
    }),
  );
  return { ...options, ...found };
};

const readPanelFile = (panel: unknown, folder: string): unknown => {
  if (typeof panel !== 'string' || panel === '')
    throw new ConfigError([`expected the path of a panel that tune wrote, but got ${shown(panel)}`]);
  const path = isAbsolute(panel) ? panel : join(folder, panel);
  try {
    return parseJson(path, readFileSync(path, 'utf8'));
  } catch (error) {
    throw error instanceof ConfigError ? error : unreadable(path, error);
  }
};
