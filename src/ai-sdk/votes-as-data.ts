import { readSafely } from '../domain/foreign.ts';
import { isObject } from '../domain/is-object.ts';
import type { MemberProgress, VoteProgress } from './ensemble/progress.ts';
import { PROVIDER } from './ensemble/to-messages.ts';

/** The data parts of {@link votesAsData}, for `UIMessage<unknown, EnsembleDataParts>` of the AI SDK. */
export type EnsembleDataParts = {
  /** What a member did: one part for each call. */
  member: MemberProgress;
  /** The count so far: one part for each prediction, which changes with each vote. */
  votes: VoteProgress;
};

/** A data part of {@link votesAsData} in a stream of a UI message. */
export type EnsembleDataChunk = {
  [Name in keyof EnsembleDataParts]: {
    readonly type: `data-${Name}`;
    readonly id: string;
    readonly data: EnsembleDataParts[Name];
  };
}[keyof EnsembleDataParts];

/**
 * Returns a transformation of a stream of a UI message, which turns the parts of an ensemble into data parts for `useChat`. A part
 * replaces an earlier one with the same `id`, so that a message has one part `data-votes` for each prediction, with the count so far,
 * and one part `data-member` for each call of a member. The data are not sent to models later.
 *
 * @example
 * ```ts
 * import { votesAsData } from 'crucible-ensemble/ai-sdk';
 *
 * // In place of toUIMessageStream({ stream: streamText({ model: ensembleModel(panel), messages }).stream }).
 * const votes = { predictionId: 'p1', consensus: 1, votes: { '4': 1 } };
 * const part = { type: 'custom', kind: 'crucible.votes', providerMetadata: { crucible: votes } };
 * const { readable, writable } = votesAsData<typeof part>();
 * void writable.getWriter().write(part);
 * const { value } = await readable.getReader().read();
 * value; // => { type: 'data-votes', id: 'p1', data: { predictionId: 'p1', consensus: 1, votes: { 4: 1 } } }
 * ```
 */
export const votesAsData = <Chunk extends { readonly type: string }>(): TransformStream<
  Chunk,
  Chunk | EnsembleDataChunk
> =>
  new TransformStream({
    transform: (chunk, controller) => controller.enqueue(toDataChunk(chunk) ?? chunk),
  });

const toDataChunk = (chunk: { readonly type: string }): EnsembleDataChunk | undefined => {
  const kind = readSafely(chunk, 'kind');
  const data = readSafely(readSafely(chunk, 'providerMetadata'), PROVIDER);
  if (chunk.type !== 'custom' || !isObject(data)) return undefined;
  switch (kind) {
    case `${PROVIDER}.votes`: {
      const votes = data as VoteProgress;
      return { type: 'data-votes', id: votes.predictionId, data: votes };
    }
    case `${PROVIDER}.member`: {
      const member = data as MemberProgress;
      return { type: 'data-member', id: `${member.predictionId}-${member.call}`, data: member };
    }
    default:
      return undefined;
  }
};
