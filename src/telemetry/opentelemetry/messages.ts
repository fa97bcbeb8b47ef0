import { writtenIn } from '../../domain/message.ts';
import type { FinishReason } from '../../domain/model.ts';
import type { Query } from '../../domain/request.ts';
import { finishReasonName, GEN_AI } from './conventions.ts';

const textPart = (content: string) => ({ type: 'text', content });

/** Formats a query as the conventions require: as JSON, because span attributes cannot be objects. */
export const inputMessages = (query: Query): Record<string, string> => {
  const conversation =
    typeof query === 'string' ? { messages: [{ role: 'user', content: query } as const] } : query;
  const { system, messages } = { system: undefined, ...conversation };
  return {
    ...(system !== undefined && { [GEN_AI.systemInstructions]: JSON.stringify([textPart(system)]) }),
    [GEN_AI.inputMessages]: JSON.stringify(
      messages.map(({ role, content }) => ({ role, parts: [textPart(writtenIn(content))] })),
    ),
  };
};

/** Formats an answer as the conventions require. */
export const outputMessages = (
  text: string,
  finishReason: FinishReason = 'stop',
): Record<string, string> => ({
  [GEN_AI.outputMessages]: JSON.stringify([
    { role: 'assistant', parts: [textPart(text)], finish_reason: finishReasonName(finishReason) },
  ]),
});
