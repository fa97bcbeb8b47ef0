import type { OutputConfig } from '@anthropic-ai/sdk/resources/messages';
import type { ModelRequest } from '../../domain/request.ts';
import { importPeer } from '../provider-model.ts';

/**
 * Returns the output format of a JSON Schema. The SDK's helper converts unsupported keywords to descriptions. Returns
 * `undefined` if the schema does not describe an object, or the helper rejects it.
 */
export const outputFormat = async (
  model: string,
  schema: NonNullable<ModelRequest['answerSchema']>,
): Promise<OutputConfig['format']> => {
  if (schema.type !== 'object') return undefined;
  const { jsonSchemaOutputFormat } = await importPeer(
    model,
    '@anthropic-ai/sdk',
    () => import('@anthropic-ai/sdk/helpers/json-schema'),
  );
  try {
    const { type, schema: supported } = jsonSchemaOutputFormat({ ...schema, type: 'object' });
    return { type, schema: supported };
  } catch {
    return undefined;
  }
};
