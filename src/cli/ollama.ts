import type { CliContext } from './cli-context.ts';

/** How long an Ollama at hand may take to say what it has, in milliseconds. */
const PATIENCE_MS = 300;

/** Where Ollama listens: by its own variable `OLLAMA_HOST`, else where it does by default. */
const hostOf = ({ OLLAMA_HOST: host = '' }: CliContext['env']): string => {
  const address = host === '' ? '127.0.0.1:11434' : host;
  return (address.includes('://') ? address : `http://${address}`).replace(/\/+$/, '');
};

/** The address of Ollama's OpenAI-compatible API. */
export const ollamaURL = (env: CliContext['env']): string => `${hostOf(env)}/v1`;

/** The names of the models that an Ollama at hand has installed; none where there is no Ollama. */
export const installedModels = async ({
  env,
  signal,
}: Pick<CliContext, 'env' | 'signal'>): Promise<readonly string[]> => {
  try {
    const response = await fetch(`${hostOf(env)}/api/tags`, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
    });
    const body: unknown = await response.json();
    const models: unknown = typeof body === 'object' && body !== null && 'models' in body ? body.models : [];
    return Array.isArray(models)
      ? models.flatMap((model: unknown) =>
          typeof model === 'object' && model !== null && 'name' in model && typeof model.name === 'string'
            ? [model.name]
            : [],
        )
      : [];
  } catch {
    // Nobody there, or somebody else: no Ollama.
    return [];
  }
};
