import { askedOf, type ChatRequest } from '../chat/asked-of.ts';
import type { Asked } from './dialect.ts';
import { badRequest } from './request-refusal.ts';

/** A request of an API that chats. */
export interface ServedChatRequest extends ChatRequest {
  readonly model: unknown;
  readonly isStreamed: boolean;
  readonly deadlineMs: number | undefined;
}

/**
 * Converts the request of a client.
 *
 * @throws {RequestRefusal} for a tool that is given twice, and for an invalid schema.
 */
export const requestOf = ({ model, isStreamed, deadlineMs, ...request }: ServedChatRequest): Asked => {
  const { overrides, ...asked } = askedOf(request, badRequest);
  return {
    ...asked,
    model: model as string,
    isStreamed,
    overrides: { ...overrides, ...(deadlineMs !== undefined && { deadlineMs }) },
  };
};
