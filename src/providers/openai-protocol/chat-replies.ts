import { asObject } from '../as-object.ts';
import { readCompletion, toResponse } from './read-completion.ts';
import { readStream } from './read-stream.ts';
import type { ReplyFormat } from './reply-format.ts';
import { usageIn } from './usage.ts';

/** How chat completions are read. */
export const chatReplies: ReplyFormat = {
  readWhole: (model, body, headers) => {
    const usage = usageIn(body);
    return {
      id: asObject(body).id,
      usage,
      toResponse: (requestId) => readCompletion(model, body, { requestId, headers, usage }),
    };
  },
  readStream: async (model, stream) => {
    const completion = await readStream(model, stream);
    const { id, usage } = completion;
    return { id, usage, toResponse: (requestId) => toResponse(completion, requestId) };
  },
};
