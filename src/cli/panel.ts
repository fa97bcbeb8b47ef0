import { defaultPanel } from '../auto/create-auto-ensemble.ts';
import { modelResolver } from '../auto/model-resolver.ts';
import { requirementsOf } from '../catalog/providers.ts';
import { resolveModel } from '../catalog/resolve-model.ts';
import { ConfigError } from '../domain/errors.ts';
import { given } from '../domain/given.ts';
import type { Model } from '../domain/model.ts';
import type { Pricing } from '../domain/pricing.ts';
import { shownPath } from '../domain/quoting.ts';
import { replay } from '../models/replay.ts';
import { refuse } from '../options.ts';
import { counted } from '../rendering/amounts.ts';
import type { CliContext } from './cli-context.ts';
import { askOllama, type OllamaState, ollamaURL } from './ollama.ts';
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

type Environment = CliContext['env'];

/** The most models of Ollama in a panel. */
const MAX_INSTALLED = 3;

/**
 * Returns the models that answer: those of `--models`, those of a recording, or simulated ones if a flag asks for
 * them. Without such a flag: the models of the default panel with an API key; else the models of a running
 * Ollama.
 *
 * @throws {ConfigError} that lists every unknown name and missing key, or the faults of the recording; or says that there
 *   is no model to ask.
 */
export const choosePanel = async (
  { models, replay: path, withLatency = false, simulate, seed }: PredictFlags,
  context: Pick<CliContext, 'env' | 'signal'>,
): Promise<CommandPanel> => {
  const { env, signal } = context;
  if (path !== undefined) return { models: replay(await readRecording(path, signal), { withLatency }) };
  if (models !== undefined) {
    return livePanel(
      models.split(',').map((name) => name.trim()),
      env,
    );
  }
  if (simulate !== undefined) {
    const simulated = simulatedPanel(simulate, seed);
    const count = counted(simulated.length, 'simulated model');
    return { models: simulated, note: `Using ${count}, which can only do arithmetic` };
  }
  const keyed = defaultPanel.filter((name) => keyFor(resolveModel(name).provider, env) !== undefined);
  if (keyed.length > 0) return livePanel(keyed, env, 'Using %s (API keys found in the environment)');
  const ollama = await askOllama(context);
  const installed = (ollama.installed ?? []).slice(0, MAX_INSTALLED).map((name) => `ollama/${name}`);
  if (installed.length === 0) throw new ConfigError([noModels(ollama)]);
  return livePanel(installed, env, 'No API keys found: using %s (installed in Ollama)');
};

const noModels = ({ address, installed }: OllamaState): string => {
  const variables = defaultPanel.map((name) => requirementsOf(resolveModel(name).provider).keyVariables[0]);
  const keys = new Intl.ListFormat('en', { type: 'disjunction' }).format(variables as string[]);
  const local =
    installed === undefined ? `start Ollama (none at ${shownPath(address)})` : 'install a model in Ollama';
  return `there is no model to ask: set ${keys}, ${local}, or pass --simulate 3 for models that can only do arithmetic`;
};

const keyFor = (provider: string, env: Environment): string | undefined =>
  requirementsOf(provider)
    .keyVariables.map((variable) => env[variable])
    .find((key) => key !== undefined && key !== '');

/** Returns models by their names, and the reasons why some of them cannot be called. */
export const namedModels = (
  names: readonly string[],
  env: Environment,
): { readonly models: readonly Model[]; readonly faults: readonly string[] } => {
  const named = names.map(modelResolver({ baseURLs: { ollama: ollamaURL(env) } }, env));
  // The command line has no way to pass an option, so that advice is removed.
  const faults = named.flatMap((model) =>
    model.faults.map((fault) =>
      fault.replace(/, or pass .*$/, '').replace(/: pass .*(?=, because)/, ': unset it'),
    ),
  );
  return { models: named.map(({ model }) => model), faults: [...new Set(faults)] };
};

/** Imports the published prices, which take a while to load. */
export const publishedPrices = async (): Promise<Pricing> =>
  (await import('../catalog/published-prices.ts')).genaiPrices();

/** @param note has `%s` in place of the names. */
const livePanel = async (
  names: readonly string[],
  env: Environment,
  note?: string,
): Promise<CommandPanel> => {
  const { models, faults } = namedModels(names, env);
  refuse(faults);
  const joined = new Intl.ListFormat('en').format(names);
  return { models, pricing: await publishedPrices(), ...given({ note: note?.replace('%s', joined) }) };
};
