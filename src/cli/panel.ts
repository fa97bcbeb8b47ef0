import { defaultPanel } from '../auto/create-auto-ensemble.ts';
import { requirementsOf } from '../catalog/providers.ts';
import { resolveModel } from '../catalog/resolve-model.ts';
import { ConfigError } from '../domain/errors.ts';
import { given } from '../domain/given.ts';
import type { Model } from '../domain/model.ts';
import type { Pricing } from '../domain/pricing.ts';
import { plainName, shownPath } from '../domain/quoting.ts';
import { replay } from '../models/replay.ts';
import { refuse } from '../options.ts';
import { counted } from '../rendering/amounts.ts';
import { printable } from '../rendering/printable.ts';
import type { CommandContext } from './cli-context.ts';
import { fileModels } from './ensemble-file/file-models.ts';
import { askOllama, type OllamaState } from './ollama.ts';
import type { PredictFlags } from './predict-flags.ts';
import { settingsOf } from './provider-settings.ts';
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

type Environment = CommandContext['env'];

type PanelContext = Pick<CommandContext, 'env' | 'signal' | 'errors'>;

/** The maximum number of models of Ollama in a panel. */
const MAX_INSTALLED = 3;

/**
 * Returns the models that answer: those of `--models`, those of a recording, or simulated ones if a flag asks for
 * them. Without such a flag: the models of the default panel with an API key; else the models of a running
 * Ollama.
 *
 * @throws {ConfigError} that lists every unknown name and missing key, or the faults of the recording; or says that there
 *   is no model to ask.
 */
export const choosePanel = async (flags: PredictFlags, context: PanelContext): Promise<CommandPanel> => {
  const { models, replay: path, withLatency = false, simulate, seed } = flags;
  const { env, signal } = context;
  if (path !== undefined) return { models: replay(await readRecording(path, signal), { withLatency }) };
  if (models !== undefined) {
    return livePanel(
      models.split(',').map((name) => name.trim()),
      flags,
      context,
    );
  }
  if (simulate !== undefined) {
    const simulated = simulatedPanel(simulate, seed);
    const count = counted(simulated.length, 'simulated model');
    return { models: simulated, note: `Using ${count}, which can only do arithmetic` };
  }
  const keyed = defaultPanel.filter((name) => keyFor(resolveModel(name).provider, env) !== undefined);
  if (keyed.length > 0)
    return livePanel(keyed, flags, context, 'Using %s (API keys found in the environment)');
  const ollama = await askOllama(context);
  const installed = (ollama.installed ?? []).slice(0, MAX_INSTALLED).map((name) => `ollama/${name}`);
  if (installed.length === 0) throw new ConfigError([noModels(ollama)]);
  return livePanel(installed, flags, context, 'No API keys found: using %s (installed in Ollama)');
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

/** Imports the published prices, which take a while to load. */
export const publishedPrices = async (): Promise<Pricing> =>
  (await import('../catalog/published-prices.ts')).genaiPrices();

/** A fault of an option of all models, which is a flag here. */
const inFlags = (fault: string): string =>
  fault.replace(/^the model (?:"[^"]*"|[^:]*): option "baseURL"/, '--base-url');

const isUnset = (variable: string | undefined, env: Environment): boolean =>
  variable !== undefined && (env[variable] ?? '') === '';

/** @param note has `%s` in place of the names. */
const livePanel = async (
  names: readonly string[],
  { baseUrl: baseURL, apiKeyEnv, providerOption }: PredictFlags,
  { env, errors }: PanelContext,
  note?: string,
): Promise<CommandPanel> => {
  const pricing = await publishedPrices();
  const onWarning = (warning: string): void => errors.print(printable(warning));
  const named = fileModels({ env, pricing, onWarning });
  const faults: string[] = isUnset(apiKeyEnv, env)
    ? [`--api-key-env: the variable ${plainName(apiKeyEnv)} is not set`]
    : [];
  const settings = settingsOf(providerOption);
  const apiKey = apiKeyEnv === undefined ? undefined : env[apiKeyEnv];
  const options = given({ baseURL, apiKey, settings });
  const models = names.flatMap((name) => {
    const member = Object.keys(options).length === 0 ? name : { model: name, ...options };
    return named.read('', member, (_, fault) => faults.push(inFlags(fault))) ?? [];
  });
  refuse([...new Set(faults)]);
  const joined = new Intl.ListFormat('en').format(names);
  return { models, pricing, ...given({ note: note?.replace('%s', joined) }) };
};
