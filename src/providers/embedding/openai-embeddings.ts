import { embeddingResponse } from '../../domain/embeddings.ts';
import { isArray } from '../../domain/foreign.ts';
import type { ModelResponse } from '../../domain/model.ts';
import { reportedByProvider } from '../../domain/provider-report.ts';
import { asObject } from '../as-object.ts';
import { bounded, readText } from '../openai-protocol/body.ts';
import { parseJson } from '../openai-protocol/parse-json.ts';
import { openaiRateLimits } from '../openai-protocol/rate-headers.ts';
import { type HttpReply, requestIdOf } from '../openai-protocol/reply.ts';
import { toUsage } from '../openai-protocol/usage.ts';
import { withRateLimits } from '../rate-limits.ts';

/** The fields of a request for embeddings that are set in another way. */
export const FIXED_EMBEDDING_FIELDS: Readonly<Record<string, string>> = {
  model: 'give the model as the first argument',
  input: 'it is the texts of the answers',
  dimensions: 'set the option "dimensions"',
  encoding_format: 'vectors are read in the form in which they are asked for',
};

interface Reading {
  readonly id: string;
  readonly texts: readonly string[];
  readonly maxResponseBytes: number;
}

/**
 * Reads a reply of OpenAI's API for embeddings: vectors of numbers or in base64, in any order.
 *
 * @throws {ModelError} if the body is invalid. Errors of the transport pass through.
 */
export const readEmbeddings = async (
  reply: HttpReply,
  { id, texts, maxResponseBytes }: Reading,
): Promise<ModelResponse> => {
  const body = asObject(parseJson(id, await readText(bounded(reply.body, maxResponseBytes))));
  const items = isArray(body.data) ? body.data.map(asObject) : [];
  const vectors = items
    .toSorted((a, b) => Number(a.index ?? 0) - Number(b.index ?? 0))
    .map(({ embedding }) => embedding);
  const { usage, warnings } = toUsage(body.usage);
  const response = embeddingResponse(id, {
    texts,
    vectors,
    usage,
    requestId: requestIdOf(reply),
    ...reportedByProvider({
      warnings,
      ...(typeof body.model === 'string' && { metadata: { model: body.model } }),
    }),
  });
  return withRateLimits(response, openaiRateLimits(reply.headers));
};
