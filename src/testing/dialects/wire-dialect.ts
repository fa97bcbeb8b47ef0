import type { FinishReason } from '../../domain/model.ts';
import type { QuerySettings } from '../../domain/query-settings.ts';
import type { RequestTool, ToolCall, ToolChoice } from '../../domain/tools.ts';
import type { ServedEvent } from '../replies.ts';

/** An answer, which a {@link WireDialect} writes in the format of its provider. */
export interface ServedAnswer {
  readonly text: string;
  /** The values of the usage fields, also impossible ones. Without it, the answer has no usage. */
  readonly usage?: { readonly inputTokens: unknown; readonly outputTokens: unknown };
  /** Default `'stop'`; `'tool-calls'` with tool calls. */
  readonly finishReason?: FinishReason;
  /** The calls of tools after the text. A model that streams splits their arguments over several events, if its API does. */
  readonly toolCalls?: readonly Required<ToolCall>[];
  /** The reasoning before the text. */
  readonly reasoning?: string;
}

/** A part of a message as a provider reads it. What its API has no field for is absent. */
export interface SentPart {
  readonly role: 'user' | 'assistant' | 'tool';
  readonly type: 'text' | 'file' | 'tool-call' | 'tool-result';
  readonly text?: string;
  /** The base64 or the URL of a file. */
  readonly data?: string;
  readonly mediaType?: string;
  readonly filename?: string;
  readonly toolCallId?: string;
  readonly toolName?: string;
  /** The arguments of a call. */
  readonly input?: unknown;
  /** The value of a result: a text, or a value of JSON. */
  readonly output?: unknown;
}

/** A request as a provider reads it, in the words of a query. */
export interface SentRequest {
  /** The parts of all turns, in order. */
  readonly parts: readonly SentPart[];
  readonly tools?: Readonly<Record<string, RequestTool>> | undefined;
  readonly toolChoice?: ToolChoice | undefined;
  readonly settings: QuerySettings;
}

/** How a provider's API writes answers, streams and errors, so a fault server can simulate it. */
export interface WireDialect {
  /**
   * Reads the body of a request back, to check what a model sends. Without it, the cases of images, files, tools and settings
   * are skipped.
   */
  readonly read?: (body: unknown) => SentRequest;
  /** The finish reasons that the API can report. */
  readonly finishReasons: readonly FinishReason[];
  /** The body of an answer. */
  readonly answer: (served: ServedAnswer) => unknown;
  /** The events of a streamed answer; the text is split over several of them. */
  readonly events: (served: ServedAnswer) => readonly ServedEvent[];
  /** Whether an event is the first after which the answer is known to be whole. */
  readonly isTerminal: (event: ServedEvent) => boolean;
  /** The body of an error; models must not repeat the message. */
  readonly error: (status: number, message: string) => unknown;
  /** An event that reports in the middle of a stream that the provider is overloaded. */
  readonly errorEvent: ServedEvent;
  /** JSON values that are not answers, by the problem. */
  readonly malformed: Readonly<Record<string, unknown>>;
  /** The response header with the id of the request, if the API has one. */
  readonly requestIdHeader?: string;
  /** The body of a 429 that asks the client to wait for 45.8379 s. */
  readonly rateLimitWithDelay?: unknown;
  /** The body of a 429 for which waiting does not help, such as an exhausted quota of the day. */
  readonly exhausted?: unknown;
}

/** The finish reason of an answer. */
export const finishReasonOf = ({ finishReason, toolCalls }: ServedAnswer): FinishReason =>
  finishReason ?? (toolCalls === undefined ? 'stop' : 'tool-calls');

/** Splits a text into pieces of a few characters, as a model streams them. */
export const inPieces = (text: string): string[] => text.match(/.{1,4}/gsu) ?? [];

/** The sum of the tokens of a usage; that of a plain answer, if one of them is no number. */
export const totalTokens = ({ inputTokens, outputTokens }: NonNullable<ServedAnswer['usage']>): number =>
  typeof inputTokens === 'number' && typeof outputTokens === 'number' ? inputTokens + outputTokens : 18;
