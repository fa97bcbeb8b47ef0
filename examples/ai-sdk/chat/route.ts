/** The route of a chat, such as `app/api/chat/route.ts` of Next: the votes of the panel arrive as data parts. */
import {
  convertToModelMessages,
  createUIMessageStreamResponse,
  streamText,
  toUIMessageStream,
  type UIMessage,
} from 'ai';
import { type EnsembleDataParts, ensembleModel, votesAsData } from 'crucible-ensemble/ai-sdk';
import { panel } from '../panel.ts';

export type PanelMessage = UIMessage<unknown, EnsembleDataParts>;

export const POST = async (request: Request): Promise<Response> => {
  const { messages } = (await request.json()) as { messages: PanelMessage[] };
  const { stream } = streamText({
    model: ensembleModel(panel),
    messages: await convertToModelMessages(messages),
    // Without it, the members would be paid for a client that has left.
    abortSignal: request.signal,
  });
  return createUIMessageStreamResponse({ stream: toUIMessageStream({ stream }).pipeThrough(votesAsData()) });
};
