import type {
  AssistantMessage,
  Message,
  SystemMessage,
  ToolCallPart,
  ToolMessage,
  ToolOutput,
} from '../domain/message.ts';
import type { Refuse, UserPart } from './asked-of.ts';

type AssistantPart = Exclude<AssistantMessage['content'], string>[number];

/** Collects the turns of a conversation. What a model said, and what tools returned, is one turn each until another speaks. */
export interface Turns {
  system(text: string): void;
  user(content: string | readonly UserPart[]): void;
  assistant(parts: readonly AssistantPart[]): void;
  /**
   * @param place where the id is.
   * @throws what `refuse` returns, if no call of an earlier turn has this id.
   */
  result(toolCallId: string, output: ToolOutput, place: string): void;
  readonly messages: readonly (Message | SystemMessage)[];
}

/** @param refuse creates the error for a fault. */
export const createTurns = (refuse: Refuse): Turns => {
  const messages: (Message | SystemMessage)[] = [];
  /** The tool that each call asked for: a result has only the id of its call. */
  const toolNames = new Map<string, string>();
  const join = (message: AssistantMessage | ToolMessage): void => {
    const last = messages.at(-1);
    if (last === undefined || last.role !== message.role) {
      messages.push(message);
      return;
    }
    const content = [...(last.content as readonly never[]), ...(message.content as readonly never[])];
    messages[messages.length - 1] = { ...message, content } as Message;
  };
  return {
    messages,
    system: (content) => messages.push({ role: 'system', content }),
    user: (content) => messages.push({ role: 'user', content }),
    assistant(parts) {
      for (const part of parts) if (isCall(part)) toolNames.set(part.toolCallId, part.toolName);
      if (parts.length > 0) join({ role: 'assistant', content: parts });
    },
    result(toolCallId, output, place) {
      const toolName = toolNames.get(toolCallId);
      if (toolName === undefined)
        throw refuse(`${place}: no tool call of an earlier message has this id`, place);
      join({ role: 'tool', content: [{ type: 'tool-result', toolCallId, toolName, output }] });
    },
  };
};

const isCall = (part: AssistantPart): part is ToolCallPart => part.type === 'tool-call';
