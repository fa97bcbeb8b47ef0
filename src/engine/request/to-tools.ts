import { isArray, readSafely } from '../../domain/foreign.ts';
import { isObject } from '../../domain/is-object.ts';
import { quotedName } from '../../domain/quoting.ts';
import { type StandardSchema, toJsonSchema } from '../../domain/standard-schema.ts';
import { type JsonSchema, type RequestTool, sentToolName } from '../../domain/tools.ts';
import { properName, shown } from '../../options.ts';

/** Tools as models receive them, and the faults of those that are not valid. */
export interface ConvertedTools {
  readonly tools: Readonly<Record<string, RequestTool>> | undefined;
  readonly faults: readonly string[];
}

/** Providers take no longer names. */
const LONGEST_NAME = 128;

/** Checks the tools of a query and converts their schemas to JSON Schema. Tools given to `anyOf` providers have one form. */
export const toTools = (owner: string, given: unknown): ConvertedTools => {
  if (given === undefined) return { tools: undefined, faults: [] };
  if (!isObject(given) || isArray(given))
    return {
      tools: undefined,
      faults: [
        `${owner}: tools must be an object { name: { description, inputSchema } }, but got ${shown(given)}`,
      ],
    };
  const faults: string[] = [];
  const tools = new Map<string, RequestTool>();
  const sent = new Map<string, string>();
  for (const name of Object.keys(given)) {
    const place = `${owner}: tools[${quotedName(name)}]`;
    const tool: unknown = readSafely(given, name);
    const other = sent.get(sentToolName(name));
    sent.set(sentToolName(name), name);
    if (other !== undefined)
      faults.push(
        `${place} and ${quotedName(other)} have the same name where only letters, digits, "_" and "-" are allowed`,
      );
    const found = [...nameFaults(place, name), ...toolFaults(place, tool)];
    const inputSchema = found.length === 0 ? schemaOf(readSafely(tool, 'inputSchema')) : undefined;
    if (found.length === 0 && inputSchema === undefined)
      found.push(
        `${place}.inputSchema must be a JSON Schema of an object, or a schema that can be converted to one, such as one of zod 4.2, but got ${shown(readSafely(tool, 'inputSchema'))}`,
      );
    faults.push(...found);
    if (inputSchema !== undefined) {
      const description = readSafely(tool, 'description') as string | undefined;
      tools.set(name, { ...(description !== undefined && { description }), inputSchema });
    }
  }
  // No tools are the same as none.
  return { tools: tools.size === 0 ? undefined : Object.fromEntries(tools), faults };
};

const nameFaults = (place: string, name: string): string[] =>
  properName(name) === undefined && name.length <= LONGEST_NAME
    ? []
    : [`${place} must have a name of 1 to ${LONGEST_NAME} characters`];

const toolFaults = (place: string, tool: unknown): string[] => {
  if (!isObject(tool)) return [`${place} must be { description, inputSchema }, but got ${shown(tool)}`];
  const description = readSafely(tool, 'description');
  const wrong = [
    ...(description === undefined || typeof description === 'string'
      ? []
      : [`${place}.description must be a string, but got ${shown(description)}`]),
  ];
  if (readSafely(tool, 'inputSchema') !== undefined) return wrong;
  const instead = ['parameters', 'input_schema', 'schema', 'function'].find(
    (name) => readSafely(tool, name) !== undefined,
  );
  return [
    ...wrong,
    `${place}.inputSchema is missing${instead === undefined ? '' : `; did you mean "inputSchema" instead of "${instead}"?`}`,
  ];
};

/** Returns the JSON Schema of a tool: as it is, of a Standard Schema, or of the wrapper of the Vercel AI SDK. */
const schemaOf = (given: unknown): JsonSchema | undefined => {
  const standard = readSafely(given, '~standard');
  const found = isObject(standard)
    ? toJsonSchema(standard as StandardSchema['~standard'], 'input')
    : isObject(readSafely(given, 'jsonSchema'))
      ? readSafely(given, 'jsonSchema')
      : given;
  if (!isObject(found) || isArray(found)) return undefined;
  try {
    const schema: unknown = JSON.parse(JSON.stringify(found));
    if (!isObject(schema)) return undefined;
    const { type = 'object', ...rest } = schema as JsonSchema;
    return [type].flat().includes('object') ? { type, ...rest } : undefined;
  } catch {
    return undefined;
  }
};

/** Faults of the choice of a tool. */
export const toolChoiceFaults = (
  owner: string,
  choice: unknown,
  tools: ConvertedTools['tools'],
): string[] => {
  if (choice === undefined) return [];
  if (tools === undefined) return [`${owner}: toolChoice has no effect without tools; add { tools }`];
  if (typeof choice === 'string' && ['auto', 'none', 'required'].includes(choice)) return [];
  const names = Object.keys(tools);
  const toolName = readSafely(choice, 'toolName');
  if (readSafely(choice, 'type') === 'tool' && names.some((name) => name === toolName)) return [];
  return [
    `${owner}: toolChoice must be 'auto', 'none', 'required' or { type: 'tool', toolName } with one of the tools, but got ${shown(choice)}`,
  ];
};
