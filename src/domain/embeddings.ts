import { MalformedResponseError } from './errors.ts';
import { isArray, readSafely } from './foreign.ts';
import { isObject } from './is-object.ts';
import { textOf } from './message.ts';
import type { ModelResponse } from './model.ts';
import type { ModelRequest } from './request.ts';
import { decodeVector, encodeVector, isFiniteVector } from './vector.ts';

/** The texts that a request asks an embedding model for: those of its messages. */
export const textsToEmbed = ({ messages }: ModelRequest): string[] =>
  messages.map(({ content }) => textOf(content));

/**
 * The response of an embedding model. Its text only says what it holds.
 *
 * @param vectors one for each text, of the same length: arrays of numbers, or base64 as in `embeddings` of a response.
 * @throws {MalformedResponseError} for anything else.
 */
export const embeddingResponse = (
  model: string,
  {
    texts,
    vectors,
    ...rest
  }: { readonly texts: readonly string[]; readonly vectors: unknown } & Omit<
    ModelResponse,
    'text' | 'embeddings'
  >,
): ModelResponse => {
  const embeddings = isArray(vectors) ? vectors.map(toBase64) : undefined;
  const dimensions = decodeVector(embeddings?.[0])?.length;
  const length = embeddings?.[0]?.length;
  if (
    embeddings === undefined ||
    embeddings.length !== texts.length ||
    embeddings.some((vector) => vector === undefined || vector.length !== length)
  )
    throw new MalformedResponseError(
      model,
      `must return ${texts.length} vectors of numbers, all of the same length, one for each text`,
    );
  const text = `${texts.length} vectors of ${dimensions} numbers`;
  // Nothing is written, so a usage without an output is whole.
  const usage = rest.usage && { ...rest.usage, outputTokens: rest.usage.outputTokens ?? 0 };
  return { ...rest, usage, text, embeddings: embeddings as readonly string[] };
};

const toBase64 = (vector: unknown): string | undefined => {
  if (typeof vector === 'string') {
    const decoded = decodeVector(vector);
    return decoded !== undefined && isFiniteVector(decoded) ? vector : undefined;
  }
  if (!isObject(vector)) return undefined;
  try {
    const numbers = Array.from(vector as ArrayLike<unknown>);
    const isVector = numbers.length > 0 && numbers.every(Number.isFinite);
    return isVector ? encodeVector(numbers as number[]) : undefined;
  } catch {
    return undefined;
  }
};

/** The vectors of a response, one for each of `count` texts; `undefined` if it has no such vectors. */
export const vectorsOf = (response: ModelResponse, count: number): readonly Float32Array[] | undefined => {
  const embeddings = readSafely(response, 'embeddings');
  if (!isArray(embeddings) || embeddings.length !== count) return undefined;
  const vectors = embeddings.map(decodeVector);
  const length = vectors[0]?.length;
  return vectors.every((vector) => vector !== undefined && vector.length === length && isFiniteVector(vector))
    ? (vectors as Float32Array[])
    : undefined;
};
