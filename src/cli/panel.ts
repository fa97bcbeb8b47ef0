import { defaultPanel } from '../auto/create-auto-ensemble.ts';
import { namedModel } from '../auto/named-model.ts';
import { requirementsOf } from '../catalog/providers.ts';
import { resolveModel } from '../catalog/resolve-model.ts';
import { given } from '../domain/given.ts';
import type { Model } from '../domain/model.ts';
import type { Pricing } from '../domain/pricing.ts';
import { replay } from '../models/replay.ts';
import { refuse } from '../options.ts';
import type { CliContext } from './cli-context.ts';
import { installedModels, ollamaURL } from './ollama.ts';
import type { PredictFlags } from './predict-flags.ts';
import { readRecording } from './read-recording.ts';
import { simulatedPanel } from './simulated-panel.ts';

/** Who answers on the command line. */
export interface CommandPanel {
  readonly models: readonly Model[];
  /** Knows what their calls cost, where they do not say so themselves. */
  readonly pricing?: Pricing;
  /** Who answers, in one line, where nobody said so. */
  readonly note?: string;
}

type Around = Pick<CliContext, 'env' | 'signal'>;

/**
 * The models that answer: those that are named, those of a recording, or simulated ones where they are asked
 * for; else the default panel as far as there are keys for it; else what an Ollama at hand has installed; else
 * a simulated panel.
 *
 * @throws {ConfigError} listing every unknown name and every missing key, or what is wrong with the recording.
 */
export const choosePanel = async (flags: PredictFlags, around: Around): Promise<CommandPanel> => {
  const { models, replay: path, withLatency = false, simulate, seed } = flags;
  if (path !== undefined)
    return { models: replay(await readRecording(path, around.signal), { withLatency }) };
  if (models !== undefined)
    return livePanel(
      models.split(',').map((name) => name.trim()),
      around,
    );
  if (simulate === undefined && seed === undefined) {
    const panel = (await keyedPanel(around)) ?? (await ollamaPanel(around));
    if (panel !== undefined) return panel;
  }
  const simulated = simulatedPanel(given({ size: simulate, seed }));
  return {
    models: simulated,
    note: `Without keys, a simulated panel of ${simulated.length} answers; it knows arithmetic only.`,
  };
};

const keyFor = (provider: string, env: CliContext['env']): string | undefined =>
  requirementsOf(provider)
    .keyVariables.map((variable) => env[variable])
    .find((key) => key !== undefined && key !== '');

/** Models by their names, and what keeps them from being asked. */
export const namedModels = (
  names: readonly string[],
  env: CliContext['env'],
): { readonly models: readonly Model[]; readonly faults: readonly string[] } => {
  const baseURLs = { ollama: ollamaURL(env) };
  const named = names.map((name) => {
    const provider = name.includes('/') ? name.slice(0, name.indexOf('/')) : undefined;
    const apiKeys = provider === undefined ? keysOf(env) : { [provider]: keyFor(provider, env) };
    return namedModel(name, { apiKeys, baseURLs });
  });
  // What can be passed to a function cannot be passed here.
  const faults = named.flatMap((model) => model.faults.map((fault) => fault.replace(/, or pass .*$/, '')));
  return { models: named.map(({ model }) => model), faults: [...new Set(faults)] };
};

const livePanel = async (names: readonly string[], { env }: Around): Promise<CommandPanel> => {
  const { models, faults } = namedModels(names, env);
  refuse(faults);
  const { genaiPrices } = await import('../catalog/published-prices.ts');
  return { models, pricing: genaiPrices() };
};

const keysOf = (env: CliContext['env']): Record<string, string | undefined> =>
  Object.fromEntries(['openai', 'anthropic', 'google'].map((provider) => [provider, keyFor(provider, env)]));

const keyedPanel = async (around: Around): Promise<CommandPanel | undefined> => {
  const names = defaultPanel.filter((name) => keyFor(resolveModel(name).provider, around.env) !== undefined);
  if (names.length === 0) return undefined;
  return {
    ...(await livePanel(names, around)),
    note: `By the keys in the environment, ${names.join(', ')} answer.`,
  };
};

/** So many installed models make a panel. */
const MAX_INSTALLED = 3;

const ollamaPanel = async (around: Around): Promise<CommandPanel | undefined> => {
  const names = (await installedModels(around)).slice(0, MAX_INSTALLED).map((name) => `ollama/${name}`);
  if (names.length === 0) return undefined;
  return {
    ...(await livePanel(names, around)),
    note: `Without keys, the models of Ollama answer: ${names.join(', ')}.`,
  };
};
