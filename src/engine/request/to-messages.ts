import { isArray, readSafely } from '../../domain/foreign.ts';
import { isObject } from '../../domain/is-object.ts';
import type {
  FilePart,
  Message,
  RequestMessage,
  SystemMessage,
  ToolCallPart,
  ToolResultPart,
} from '../../domain/message.ts';
import { shown } from '../../options.ts';
import { toAttachment } from './file-data.ts';

/** A turn as it was copied, before its checks. */
export type Turn = Message | SystemMessage | RequestMessage;

/** Turns as models receive them, and the faults of those that are not valid. */
export interface Converted {
  readonly messages: readonly (RequestMessage | SystemMessage)[];
  readonly faults: readonly string[];
}

/** The maximum number of faults of turns that are listed: a body from the web may have any number of them. */
const MAX_LISTED = 20;

/** Checks the turns of a conversation and makes attachments of their images and files. */
export const toMessages = (owner: string, turns: readonly Turn[]): Converted => {
  const faults: string[] = turns.some((turn) => turn?.role !== 'system')
    ? []
    : [
        `${owner}: messages must end with the question, but all of them are instructions: add { role: 'user', content }`,
      ];
  let unlisted = 0;
  const messages = turns.map((turn, index) => {
    const converted = toMessage(`${owner}: messages[${index}]`, turn);
    if (!isArray(converted)) return converted;
    if (faults.length < MAX_LISTED) faults.push(...converted);
    else unlisted += converted.length;
    return turn as SystemMessage;
  });
  return {
    messages,
    faults: unlisted === 0 ? faults : [...faults, `${owner}: ${unlisted} more faults in messages`],
  };
};

type Faults = readonly string[];

const toMessage = (place: string, turn: Turn): RequestMessage | SystemMessage | Faults => {
  if (!isObject(turn)) return [`${place} must be an object { role, content }, but got ${shown(turn)}`];
  const { role, content } = turn as { role: unknown; content: unknown };
  const faults = roleFaults(`${place}.role`, role);
  if (typeof content === 'string' && role !== 'tool')
    return faults.length === 0 ? (turn as RequestMessage) : faults;
  if (!isRoleOfParts(role) || !isArray(content))
    return [...faults, ...contentFaults(`${place}.content`, role, content)];
  // Not `map`, which passes over holes.
  const parts = Array.from(content, (part, index) => toPart(`${place}.content[${index}]`, part, role));
  const wrong = parts.filter(isArray).flat() as string[];
  return wrong.length > 0 ? wrong : ({ ...turn, content: parts } as unknown as RequestMessage);
};

/** The types of parts that a turn may have. */
const partsOfRole = {
  user: ['text', 'image', 'file'],
  assistant: ['text', 'file', 'reasoning', 'tool-call'],
  tool: ['tool-result'],
} as const;

const isRoleOfParts = (role: unknown): role is keyof typeof partsOfRole =>
  typeof role === 'string' && Object.hasOwn(partsOfRole, role);

const roleFaults = (place: string, role: unknown): Faults => {
  if (role === 'system' || isRoleOfParts(role)) return [];
  const hint = role === 'developer' ? "; instructions have the role 'system'" : '';
  return [`${place} must be 'system', 'user', 'assistant' or 'tool', but got ${shown(role)}${hint}`];
};

const contentFaults = (place: string, role: unknown, content: unknown): Faults => {
  const expected =
    role === 'system'
      ? 'a string'
      : role === 'tool'
        ? "an array of parts { type: 'tool-result', toolCallId, toolName, output }"
        : 'a string, or an array of parts';
  return [`${place} must be ${expected}, but got ${shown(content)}`];
};

/** A part of another vocabulary, and what it is called here. */
const ofOthers: Readonly<Record<string, string>> = {
  image_url: "{ type: 'image', image: url }",
  input_image: "{ type: 'image', image: url }",
  input_text: "{ type: 'text', text }",
  input_audio: "{ type: 'file', mediaType: 'audio/wav', data }",
  input_file: "{ type: 'file', mediaType, data }",
  document: "{ type: 'file', mediaType: 'application/pdf', data }",
  tool_use: "{ type: 'tool-call', toolCallId, toolName, input }",
  tool_result: "a message { role: 'tool', content: [{ type: 'tool-result', … }] }",
};

const toPart = (place: string, part: unknown, role: keyof typeof partsOfRole): object | Faults => {
  const type = readSafely(part, 'type');
  const types: readonly string[] = partsOfRole[role];
  if (!isObject(part) || typeof type !== 'string' || !types.includes(type)) {
    const instead = typeof type === 'string' && Object.hasOwn(ofOthers, type) ? ofOthers[type] : undefined;
    const hint = instead === undefined ? '' : `; here it is ${instead}`;
    return [
      `${place}.type must be ${types.map((name) => `'${name}'`).join(', ')} in a turn of role '${role}', but got ${shown(isObject(part) ? type : part)}${hint}`,
    ];
  }
  if (type === 'image' || type === 'file') {
    const attached = toAttachment(part as FilePart);
    return 'fault' in attached ? [`${place}${attached.fault}`] : attached;
  }
  const wrong = fieldsOf[type as keyof typeof fieldsOf].flatMap(([name, accepts, expected]) => {
    const value = readSafely(part, name);
    return accepts(value) ? [] : [`${place}.${name} must be ${expected}, but got ${shown(value)}`];
  });
  return wrong.length > 0 ? wrong : copyOfPart(part);
};

/** Arguments and results are copied as JSON, so that what was checked is what is sent. */
const copyOfPart = (part: object): object => {
  const { input, output } = part as Partial<Pick<ToolCallPart, 'input'> & Pick<ToolResultPart, 'output'>>;
  return {
    ...part,
    ...(input !== undefined && { input: asJson(input) }),
    ...(output !== undefined && { output: { ...output, value: asJson(output.value) } }),
  };
};

const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

type Field = readonly [name: string, accepts: (value: unknown) => boolean, expected: string];

const isString = (value: unknown): boolean => typeof value === 'string';

const isName = (value: unknown): boolean => isString(value) && value !== '';

/** Whether JSON can express a value. */
const isJson = (value: unknown): boolean => {
  try {
    return JSON.stringify(value) !== undefined;
  } catch {
    return false;
  }
};

const OUTPUTS = ['text', 'json', 'error-text', 'error-json'];

const isOutput = (value: unknown): boolean => {
  const type = readSafely(value, 'type');
  const held = readSafely(value, 'value');
  if (typeof type !== 'string' || !OUTPUTS.includes(type)) return false;
  return type.endsWith('text') ? isString(held) : isJson(held);
};

const call: readonly Field[] = [
  ['toolCallId', isName, 'the id of the call'],
  ['toolName', isName, 'the name of the tool'],
];

const fieldsOf: Readonly<Record<'text' | 'reasoning' | 'tool-call' | 'tool-result', readonly Field[]>> = {
  text: [['text', isString, 'a string']],
  reasoning: [['text', isString, 'a string']],
  'tool-call': [...call, ['input', isJson, 'the arguments, as JSON can express them']],
  'tool-result': [
    ...call,
    [
      'output',
      isOutput,
      "{ type: 'text', value: string } or { type: 'json', value }, or 'error-text', 'error-json'",
    ],
  ],
};
