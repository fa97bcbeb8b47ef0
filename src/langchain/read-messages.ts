import type { AIMessage, BaseMessage, ToolMessage } from '@langchain/core/messages';
import type { Refuse, UserPart } from '../chat/asked-of.ts';
import { createTurns, type Turns } from '../chat/turns.ts';
import { isObject } from '../domain/is-object.ts';
import type { AssistantMessage, FileData, FilePart, ImagePart } from '../domain/message.ts';
import type { Conversation } from '../domain/request.ts';

type AssistantPart = Exclude<AssistantMessage['content'], string>[number];

/** A part of a message: a content block of LangChain, or of the API of a provider. */
interface Block {
  readonly type?: string;
  readonly [field: string]: unknown;
}

/** A block of a message, and where it is. */
type Placed = readonly [block: Block, place: string];

/**
 * Converts the messages of LangChain.
 *
 * @throws what `refuse` returns, for a message or a content block that members cannot be sent.
 */
export const readMessages = (messages: readonly BaseMessage[], refuse: Refuse): Conversation['messages'] => {
  const turns = createTurns(refuse);
  /** The images and files of tools, which only the turn of a user can carry. */
  const files: UserPart[] = [];
  const handOn = (): void => {
    if (files.length > 0) turns.user(files.splice(0));
  };
  messages.forEach((message, index) => {
    const place = `messages[${index}]`;
    const role = roleOf(message);
    if (role !== 'tool') handOn();
    if (role === 'user') turns.user(userContent(message, place, refuse));
    else if (role === 'system') turns.system(textsIn(message, place, refuse));
    else if (role === 'assistant') turns.assistant(assistantParts(message as AIMessage, place, refuse));
    else if (role === 'tool') files.push(...addResult(turns, message as ToolMessage, place, refuse));
    else throw refuse(`${place}: a message of the role ${JSON.stringify(role)} is not supported`, place);
  });
  handOn();
  return turns.messages;
};

const ROLES: Readonly<Record<string, string>> = {
  human: 'user',
  ai: 'assistant',
  developer: 'system',
};

/** The role of a message; of a `ChatMessage` the one that it names. */
const roleOf = (message: BaseMessage): string => {
  const role = message.type === 'generic' ? String(Reflect.get(message, 'role')) : message.type;
  return ROLES[role] ?? role;
};

/** The blocks of a message, in the words of LangChain as far as it knows those of the provider. */
const blocksOf = (message: BaseMessage, place: string): readonly Placed[] =>
  (message.contentBlocks as readonly Block[]).map((block, index) => [block, `${place}.content[${index}]`]);

const unsupported = (refuse: Refuse, [{ type }, place]: Placed): Error =>
  refuse(`${place}: content of the type ${JSON.stringify(type)} is not supported`, place);

const textsIn = (message: BaseMessage, place: string, refuse: Refuse): string =>
  blocksOf(message, place)
    .map((placed) => textIn(placed) ?? raise(unsupported(refuse, placed)))
    .filter((text) => text !== '')
    .join('\n\n');

const raise = (error: Error): never => {
  throw error;
};

/** The text of a block that is a text: also of a text file, and of a refusal. */
const textIn = ([block]: Placed): string | undefined => {
  const { type, text, refusal, source_type: source } = block;
  if (type === 'refusal' && typeof refusal === 'string') return refusal;
  if (type !== 'text' && type !== 'text-plain' && source !== 'text') return undefined;
  return typeof text === 'string' ? text : undefined;
};

const userContent = (message: BaseMessage, place: string, refuse: Refuse): string | readonly UserPart[] =>
  typeof message.content === 'string'
    ? message.content
    : blocksOf(message, place).map((placed) => userPart(placed, refuse));

const userPart = (placed: Placed, refuse: Refuse): UserPart => {
  const text = textIn(placed);
  return text === undefined
    ? (filePart(placed) ?? raise(unsupported(refuse, placed)))
    : { type: 'text', text };
};

const FILES: ReadonlySet<unknown> = new Set(['image', 'audio', 'video', 'file', 'text-plain', 'image_url']);

/** The image or the file of a block; `undefined` if its content is not in it, such as that of an id. */
const filePart = ([block]: Placed): ImagePart | FilePart | undefined => {
  if (!FILES.has(block.type)) return undefined;
  const data = dataIn(block);
  if (data === undefined) return undefined;
  const { mimeType: given, metadata } = block;
  const mediaType =
    typeof given === 'string' && given !== 'application/octet-stream' ? { mediaType: given } : {};
  if (block.type === 'image' || block.type === 'image_url')
    return { type: 'image', image: data, ...mediaType };
  const filename = nameIn(metadata) ?? nameIn(block.file) ?? nameIn(block);
  return { type: 'file', data, ...mediaType, ...(filename !== undefined && { filename }) };
};

const dataIn = ({ data, url, image_url: image, file }: Block): FileData | undefined => {
  const inFile = isObject(file) ? Reflect.get(file, 'file_data') : undefined;
  return [data, url, image, inFile].find(
    (value): value is FileData => typeof value === 'string' || value instanceof Uint8Array,
  );
};

const nameIn = (value: unknown): string | undefined =>
  isObject(value)
    ? ['filename', 'name', 'title']
        .map((field): unknown => Reflect.get(value, field))
        .find((name) => typeof name === 'string')
    : undefined;

/** The blocks of calls, which a message has besides as `tool_calls`. */
const CALLS: ReadonlySet<unknown> = new Set([
  'tool_call',
  'tool_call_chunk',
  'invalid_tool_call',
  'tool_use',
]);

/** The blocks of reasoning that only the provider can read. Models do not need the reasoning of earlier turns. */
const HIDDEN: ReadonlySet<unknown> = new Set(['thinking', 'redacted_thinking']);

const assistantParts = (message: AIMessage, place: string, refuse: Refuse): readonly AssistantPart[] => {
  const { tool_calls: calls = [], invalid_tool_calls: broken = [] } = message;
  const ids = new Set<unknown>([...calls, ...broken].map(({ id }) => id));
  const part = (placed: Placed): readonly AssistantPart[] => {
    const [{ type, id, reasoning, value }] = placed;
    if (HIDDEN.has(type) || HIDDEN.has(isObject(value) ? Reflect.get(value, 'type') : undefined)) return [];
    // Calls with broken arguments have no result.
    if (CALLS.has(type) && ids.has(id)) return [];
    if (type === 'reasoning') return typeof reasoning === 'string' ? [{ type, text: reasoning }] : [];
    const text = textIn(placed);
    if (text !== undefined) return text === '' ? [] : [{ type: 'text', text }];
    const file = filePart(placed);
    if (file === undefined) throw unsupported(refuse, placed);
    return [file.type === 'image' ? fileOf(file) : file];
  };
  return [
    ...blocksOf(message, place).flatMap(part),
    ...calls.map(({ id, name, args }, index): AssistantPart => {
      const where = `${place}.tool_calls[${index}]`;
      if (id === undefined) throw refuse(`${where}: expected an id, which its result refers to`, where);
      return { type: 'tool-call', toolCallId: id, toolName: name, input: args };
    }),
  ];
};

const fileOf = ({ image, mediaType }: ImagePart): FilePart => ({
  type: 'file',
  data: image,
  ...(mediaType !== undefined && { mediaType }),
});

/** Returns the images and files of a result. */
const addResult = (
  turns: Turns,
  message: ToolMessage,
  place: string,
  refuse: Refuse,
): readonly UserPart[] => {
  const parts = blocksOf(message, place).map((placed) => userPart(placed, refuse));
  const value = parts.flatMap((part) => (part.type === 'text' && part.text !== '' ? [part.text] : []));
  const type = message.status === 'error' ? 'error-text' : 'text';
  turns.result(message.tool_call_id, { type, value: value.join('\n\n') }, `${place}.tool_call_id`);
  return parts.filter((part) => part.type !== 'text');
};
