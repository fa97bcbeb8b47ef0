import { isPlain } from '../../domain/answer-key.ts';
import { readSafely } from '../../domain/foreign.ts';
import { isObject } from '../../domain/is-object.ts';
import { type Abstention, abstain } from '../../domain/normalizer.ts';
import { quotedName } from '../../domain/quoting.ts';
import { setOwn } from '../../domain/record.ts';
import type { JsonValue } from '../json/json-value.ts';
import { fitted, member, parsed, type Room } from './fitted-value.ts';
import { type ToolForm, takesNull, toolCalled } from './tool-forms.ts';
import { recordKey, type Spelling, valueKey } from './value-key.ts';

/** A call that fits its tool. */
export interface FittedCall {
  readonly tool: ToolForm;
  readonly input: Readonly<Record<string, JsonValue>>;
}

/** Returns a call of a model, brought to the schema of its tool, or why it is no call of one. */
export const fittedCall = (
  call: unknown,
  forms: ReadonlyMap<string, ToolForm>,
  room: Room,
): FittedCall | Abstention => {
  const name = readSafely(call, 'toolName');
  const tool = typeof name === 'string' ? toolCalled(name, forms) : undefined;
  if (tool === undefined) return UNKNOWN;
  const given = argumentsOf(call);
  if (given === undefined) return unreadable(tool);
  const input: Record<string, JsonValue> = {};
  try {
    for (const argument of Object.keys(given)) {
      const value: unknown = Reflect.get(given, argument);
      const schema = member(tool.properties, argument);
      if (schema === undefined && !tool.isOpen)
        return abstain(`the model gave ${quotedName(tool.name)} an argument that the tool does not have`);
      const isAbsent = value === undefined || (value === null && isOptional(tool, argument));
      if (isAbsent) continue;
      room.left -= argument.length;
      const part = fitted(value, schema, room);
      if (part === undefined) return unreadable(tool);
      setOwn(input, argument, part);
    }
  } catch {
    return unreadable(tool);
  }
  for (const argument of tool.required) {
    const value = Object.hasOwn(input, argument) ? input[argument] : undefined;
    if (value === undefined || (value === null && !takesNull(member(tool.properties, argument))))
      return abstain(
        `the model called ${quotedName(tool.name)} without its argument ${quotedName(argument)}, which is required`,
      );
  }
  return { tool, input };
};

/** The key of a call. An argument that has its default is left out. */
export const callKey = ({ tool, input }: FittedCall, spelling: Spelling): string => {
  const isDefault = (name: string, key: string): boolean => {
    const value = tool.defaults.get(name);
    return value !== undefined && valueKey(value, spelling) === key;
  };
  return `${tool.name}(${recordKey(input, spelling, isDefault)})`;
};

const UNKNOWN = abstain('the model called a tool that the query does not have');

const unreadable = ({ name }: ToolForm): Abstention =>
  abstain(`the arguments of ${quotedName(name)} are no JSON object, or are too large or too deep to be read`);

const isOptional = ({ properties, required }: ToolForm, argument: string): boolean =>
  member(properties, argument) !== undefined && !required.has(argument);

/** The arguments of a call as an object. They may be its JSON, or the JSON of that text; nothing stands for no arguments. */
const argumentsOf = (call: unknown): object | undefined => {
  let given: unknown;
  try {
    given = isObject(call) ? Reflect.get(call, 'input') : undefined;
    for (let texts = 0; texts < 2 && typeof given === 'string'; texts += 1)
      given = given.trim() === '' ? {} : parsed(given);
    if (given === null) return {};
    return isObject(given) && isPlain(given) ? given : undefined;
  } catch {
    return undefined;
  }
};
