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

/** The models that answer on the command line. */
export interface CommandPanel {
  readonly models: readonly Model[];
  /** The prices of models that do not report their costs. */
  readonly pricing?: Pricing;
  /** Names the models in one line, if the flags do not. */
  readonly note?: string;
}

type PanelContext = Pick<CliContext, 'env' | 'signal'>;

const joined = (names: readonly string[]): string => new Intl.ListFormat('en').format(names);

/**
 * Returns the models that answer: those of `--models`, those of a recording, or simulated ones if a flag asks for
 * them. Without such a flag: the models of the default panel with an API key; else the models of a running
 * Ollama; else a simulated panel.
 *
 * @throws {ConfigError} that lists every unknown name and missing key, or the faults of the recording.
 */
export const choosePanel = async (flags: PredictFlags, context: PanelContext): Promise<CommandPanel> => {
  const { models, replay: path, withLatency = false, simulate, seed } = flags;
  if (path !== undefined) {
    return { models: replay(await readRecording(path, context.signal), { withLatency }) };
  }
  if (models !== undefined) {
    return livePanel(
      models.split(',').map((name) => name.trim()),
      context,
    );
  }
  const isSimulated = simulate !== undefined || seed !== undefined;
  if (!isSimulated) {
    const panel = (await keyedPanel(context)) ?? (await ollamaPanel(context));
    if (panel !== undefined) return panel;
  }
  const simulated = simulatedPanel(given({ size: simulate, seed }));
  const count = simulated.length === 1 ? '1 simulated model' : `${simulated.length} simulated models`;
  return {
    models: simulated,
    note: `${isSimulated ? 'Using' : 'No API keys found: using'} ${count}, which can only do arithmetic`,
  };
};

const keyFor = (provider: string, env: CliContext['env']): string | undefined =>
  requirementsOf(provider)
    .keyVariables.map((variable) => env[variable])
    .find((key) => key !== undefined && key !== '');

/** Returns models by their names, and the reasons why some of them cannot be called. */
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
  // The command line has no way to pass an option, so that advice is removed.
  const faults = named.flatMap((model) => model.faults.map((fault) => fault.replace(/, or pass .*$/, '')));
  return { models: named.map(({ model }) => model), faults: [...new Set(faults)] };
};

const livePanel = async (names: readonly string[], { env }: PanelContext): Promise<CommandPanel> => {
  const { models, faults } = namedModels(names, env);
  refuse(faults);
  const { genaiPrices } = await import('../catalog/published-prices.ts');
  return { models, pricing: genaiPrices() };
};

const keysOf = (env: CliContext['env']): Record<string, string | undefined> =>
  Object.fromEntries(['openai', 'anthropic', 'google'].map((provider) => [provider, keyFor(provider, env)]));

const keyedPanel = async (context: PanelContext): Promise<CommandPanel | undefined> => {
  const names = defaultPanel.filter((name) => keyFor(resolveModel(name).provider, context.env) !== undefined);
  if (names.length === 0) return undefined;
  return {
    ...(await livePanel(names, context)),
    note: `Using ${joined(names)} (API keys found in the environment)`,
  };
};

/** The most models of Ollama in a panel. */
const MAX_INSTALLED = 3;

const ollamaPanel = async (context: PanelContext): Promise<CommandPanel | undefined> => {
  const names = (await installedModels(context)).slice(0, MAX_INSTALLED).map((name) => `ollama/${name}`);
  if (names.length === 0) return undefined;
  return {
    ...(await livePanel(names, context)),
    note: `No API keys found: using ${joined(names)} (installed in Ollama)`,
  };
};
