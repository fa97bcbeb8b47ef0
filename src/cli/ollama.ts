import { serverAddress } from '../providers/openai-compatible/presets.ts';
import type { CliContext } from './cli-context.ts';

/** How long to wait for the list of installed models, in milliseconds. An address where nothing listens answers at once. */
const TIMEOUT_MS = 5000;

/** Returns the address of Ollama: its own variable `OLLAMA_HOST`, or its default address. */
const hostOf = ({ OLLAMA_HOST }: CliContext['env']): string =>
  serverAddress(OLLAMA_HOST) ?? 'http://127.0.0.1:11434';

/** Returns the base URL of Ollama's OpenAI-compatible API. */
export const ollamaURL = (env: CliContext['env']): string => `${hostOf(env)}/v1`;

/** What is known of Ollama: the names of its models, or none if it does not respond. */
export interface OllamaState {
  readonly address: string;
  readonly installed?: readonly string[];
}

/** Asks Ollama for the names of its models. */
export const askOllama = async ({
  env,
  signal,
}: Pick<CliContext, 'env' | 'signal'>): Promise<OllamaState> => {
  const address = hostOf(env);
  try {
    const response = await fetch(`${address}/api/tags`, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    const { models } = (await response.json()) as { readonly models: readonly { readonly name: unknown }[] };
    const names = models.map(({ name }) => name);
    return { address, installed: names.filter((name) => typeof name === 'string') };
  } catch {
    // Nothing listens there, or it is not Ollama.
    return { address };
  }
};
