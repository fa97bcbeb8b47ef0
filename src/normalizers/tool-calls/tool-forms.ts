import { isObject } from '../../domain/is-object.ts';
import { type RequestTool, sentToolName } from '../../domain/tools.ts';
import type { JsonValue } from '../json/json-value.ts';
import { fitted, member, typesOf } from './fitted-value.ts';

/** A tool, as its calls are read. */
export interface ToolForm {
  readonly name: string;
  /** The schemas of its arguments, by their names. */
  readonly properties: unknown;
  readonly required: ReadonlySet<string>;
  /** Whether it takes arguments that are not among its properties. */
  readonly isOpen: boolean;
  /** The values of optional arguments that are the same as none. */
  readonly defaults: ReadonlyMap<string, JsonValue>;
}

type Tools = Readonly<Record<string, RequestTool>>;

/** By the tools, which all calls of a prediction share. */
const known = new WeakMap<Tools, ReadonlyMap<string, ToolForm>>();

/** Returns the tools of a request by their names. */
export const toolFormsOf = (tools: Tools): ReadonlyMap<string, ToolForm> => {
  const found = known.get(tools);
  if (found !== undefined) return found;
  const forms = new Map(
    Object.entries(tools).map(([name, { inputSchema }]) => [name, toolForm(name, inputSchema)]),
  );
  known.set(tools, forms);
  return forms;
};

/** Returns the tool that a model means: of its own name, or of the only name that is sent as this one. */
export const toolCalled = (name: string, forms: ReadonlyMap<string, ToolForm>): ToolForm | undefined => {
  const exact = forms.get(name);
  if (exact !== undefined) return exact;
  const [meant, ...others] = [...forms.values()].filter(
    (form) => sentToolName(form.name) === sentToolName(name),
  );
  return others.length === 0 ? meant : undefined;
};

/** Whether a schema allows null. */
export const takesNull = (schema: unknown): boolean => {
  const alternatives = ['anyOf', 'oneOf'].flatMap((name) => member(schema, name) ?? []);
  const values = member(schema, 'enum');
  return (
    typesOf(schema).includes('null') ||
    (typesOf(schema).length === 0 && Array.isArray(values) && values.includes(null)) ||
    alternatives.some(takesNull)
  );
};

/** Schemas that may declare arguments elsewhere than in `properties`. */
const ELSEWHERE = ['$ref', '$dynamicRef', 'allOf', 'anyOf', 'oneOf', 'if', 'patternProperties'];

const toolForm = (name: string, schema: unknown): ToolForm => {
  const properties = member(schema, 'properties');
  const others = member(schema, 'additionalProperties');
  const required = new Set([member(schema, 'required') ?? []].flat() as string[]);
  return {
    name,
    properties,
    required,
    isOpen:
      others === true ||
      isObject(others) ||
      (others !== false && ELSEWHERE.some((keyword) => member(schema, keyword) !== undefined)),
    defaults: defaultsOf(properties, required),
  };
};

const defaultsOf = (properties: unknown, required: ReadonlySet<string>): Map<string, JsonValue> => {
  const names = isObject(properties) ? Object.keys(properties).filter((name) => !required.has(name)) : [];
  return new Map(
    names.flatMap((name): [string, JsonValue][] => {
      const schema = member(properties, name);
      const given = fitted(member(schema, 'default'), schema, { left: Number.POSITIVE_INFINITY });
      return given === undefined ? [] : [[name, given]];
    }),
  );
};
