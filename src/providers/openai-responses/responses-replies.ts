import { asObject } from '../as-object.ts';
import type { ReplyFormat } from '../openai-protocol/reply-format.ts';
import { readResponse } from './read-response.ts';
import { readResponseStream } from './read-stream.ts';

/** How answers of the Responses API are read. */
export const responsesReplies: ReplyFormat = {
  readWhole: (model, body, headers) => {
    const { id, usage } = asObject(body);
    return { id, usage, toResponse: (requestId) => readResponse(model, body, { requestId, headers }) };
  },
  readStream: async (model, stream) => {
    const streamed = await readResponseStream(model, stream);
    const body = streamed.response();
    const { id, usage } = body;
    const notes = { headers: stream.headers, streamed: streamed.output() };
    return { id, usage, toResponse: (requestId) => readResponse(model, body, { requestId, ...notes }) };
  },
};
