import type { FinishReason } from '../../domain/model.ts';
import type { ServedEvent } from '../replies.ts';

/** An answer for a {@link WireDialect} to put into its provider's words. */
export interface ServedAnswer {
  readonly text: string;
  /** What stands in the fields of the usage, even where it cannot be true; without it there is no usage. */
  readonly usage?: { readonly inputTokens: unknown; readonly outputTokens: unknown };
  /** Default `'stop'`. */
  readonly finishReason?: FinishReason;
}

/** How a provider's API writes answers, streams and errors, so that a fault server can speak for it. */
export interface WireDialect {
  /** The finish reasons that the API can tell. */
  readonly finishReasons: readonly FinishReason[];
  /** The body of an answer. */
  readonly answer: (served: ServedAnswer) => unknown;
  /** The events of a streamed answer; the text is divided over several of them. */
  readonly events: (served: ServedAnswer) => readonly ServedEvent[];
  /** Whether an event is the first after which the answer is known to be whole. */
  readonly isTerminal: (event: ServedEvent) => boolean;
  /** The body of an error; the message is prose of the provider's, which nobody repeats. */
  readonly error: (status: number, message: string) => unknown;
  /** An event that says, in a stream that began well, that the provider is overloaded. */
  readonly errorEvent: ServedEvent;
  /** JSON that is no answer, by what is wrong with it. */
  readonly malformed: Readonly<Record<string, unknown>>;
  /** The header that names the call, where there is one. */
  readonly requestIdHeader?: string;
  /** The body of a 429 that asks, in the body, to wait for 45.8379 s. */
  readonly rateLimitWithDelay?: unknown;
  /** The body of a 429 that waiting does not help against, such as a quota for the whole day. */
  readonly exhausted?: unknown;
}

/** The text in pieces of a few characters, as a model streams them. */
export const inPieces = (text: string): string[] => text.match(/.{1,4}/gsu) ?? [];
