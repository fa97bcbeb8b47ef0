import { ConfigError } from '../domain/errors.ts';
import { type NamedModel, parseName } from './parse-name.ts';

/**
 * The model that a name stands for: `provider/model`, where the model need not be in the catalog, or one of the
 * short names.
 *
 * @throws {ConfigError} for any other name, with the names that are near.
 *
 * @example
 * ```ts
 * import { resolveModel } from 'crucible-ensemble/auto';
 *
 * resolveModel('openai_gpt4o_mini');
 * // => { id: 'openai_gpt4o_mini', provider: 'openai', modelId: 'gpt-6-luna' }
 * resolveModel('ollama/llama3.2');
 * // => { id: 'ollama/llama3.2', provider: 'ollama', modelId: 'llama3.2' }
 * ```
 */
export const resolveModel = (name: string): NamedModel => {
  const parsed = parseName(name);
  if ('fault' in parsed) throw new ConfigError([`resolveModel: ${parsed.fault}`]);
  return parsed;
};
