import { ConfigError } from '../domain/errors.ts';
import { checked, ofType, required } from '../options.ts';
import { type NamedModel, parseName } from './parse-name.ts';

/**
 * Resolves a name to a provider and its model. A name is `provider/model`, in the catalog or not, or a short name.
 *
 * @throws {ConfigError} if the name is unknown, with the name that was probably meant.
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
  checked('resolveModel', { name }, { name: required(ofType('string')) });
  const parsed = parseName(name);
  if ('fault' in parsed) throw new ConfigError([`resolveModel: ${parsed.fault}`]);
  return parsed;
};
