import type { OutputConfig } from '@anthropic-ai/sdk/resources/messages';
import type { ModelRequest } from '../../domain/request.ts';
import { importPeer } from '../provider-model.ts';

/**
 * The output format for a JSON Schema, as far as the API takes it: the SDK's own helper turns what it does not
 * take into descriptions. `undefined` for a schema that does not describe an object, or that the helper refuses.
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
    const { type, schema: taken } = jsonSchemaOutputFormat({ ...schema, type: 'object' });
    return { type, schema: taken };
  } catch {
    return undefined;
  }
};
