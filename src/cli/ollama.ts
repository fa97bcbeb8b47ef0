import type { CliContext } from './cli-context.ts';

/** How long to wait for the list of installed models, in milliseconds. */
const TIMEOUT_MS = 300;

/** Returns the address of Ollama: its own variable `OLLAMA_HOST`, or its default address. */
const hostOf = ({ OLLAMA_HOST: host = '' }: CliContext['env']): string => {
  const address = host === '' ? '127.0.0.1:11434' : host;
  return (address.includes('://') ? address : `http://${address}`).replace(/\/+$/, '');
};

/** Returns the base URL of Ollama's OpenAI-compatible API. */
export const ollamaURL = (env: CliContext['env']): string => `${hostOf(env)}/v1`;

/** Resolves with the names of the models that a running Ollama has installed; with none if Ollama does not respond. */
export const installedModels = async ({
  env,
  signal,
}: Pick<CliContext, 'env' | 'signal'>): Promise<readonly string[]> => {
  try {
    const response = await fetch(`${hostOf(env)}/api/tags`, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    const { models } = (await response.json()) as { readonly models: readonly { readonly name: unknown }[] };
    return models.map(({ name }) => name).filter((name) => typeof name === 'string');
  } catch {
    // Nothing listens there, or it is not Ollama.
    return [];
  }
};
