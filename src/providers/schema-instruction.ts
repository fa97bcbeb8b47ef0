import type { JsonSchema } from '../domain/tools.ts';

/** Returns the instruction to answer with JSON, for a model that cannot be sent its schema. */
export const schemaInstruction = (schema: JsonSchema): string =>
  `Answer with JSON alone, without any other text, that fits this JSON Schema:\n${JSON.stringify(schema)}`;
