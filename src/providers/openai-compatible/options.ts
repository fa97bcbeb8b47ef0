import type { OpenAIApi } from '../openai-responses/responses-only.ts';
import type { AnswerFormat, PresetName } from './presets.ts';
import type { UndiciDispatcher } from './undici-transport.ts';

/** Options of {@link openaiCompatible}. */
export interface OpenAICompatibleOptions {
  /** A known server: sets the base URL, the environment variable of the key, and the server's differences. Default: none. */
  readonly preset?: PresetName;
  /** The base URL of the API, usually with `/v1`. Default: the preset's. Required unless there is a preset. */
  readonly baseURL?: string;
  /** The API key. Default: the preset's environment variable, for the preset's own host only. */
  readonly apiKey?: string;
  /** More headers. They take precedence over the header of `apiKey`. Default: none. */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Chat completions, or the Responses API, which newer servers have too. Default: `'chat'`; with the presets `openai` and
   * `azure`, `'responses'` for models of OpenAI that have no chat completions, such as `gpt-5-codex`.
   */
  readonly api?: OpenAIApi;
  /** The name of the model in votes, weights and costs. Default: the preset, a slash, and the model's name. */
  readonly id?: string;
  /** The maximum number of output tokens, from 1. Default: the model's. */
  readonly maxOutputTokens?: number;
  /** The sampling temperature, 0..2. Default: not sent. */
  readonly temperature?: number;
  /** Requests token probabilities and computes the confidence from them. Default: off. */
  readonly confidence?: 'logprobs';
  /** How the request describes the schema of an answer. Default: the preset's, or else `'json_schema'`. */
  readonly answerFormat?: AnswerFormat;
  /**
   * `'optional'` for a server that writes no finish reasons. A stream is then complete with `[DONE]`, or at its end with a
   * chunk that has only the usage. Default: `'required'`.
   */
  readonly finish?: 'required' | 'optional';
  /**
   * More fields of the request, such as `{ min_p: 0.1, service_tier: 'flex' }`. They are merged into it last: objects field by
   * field, lists one after the other. Settings of a query go before them. The model, the messages and the stream cannot be set
   * so. Default: none.
   */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** The maximum size of a response, in bytes, from 1. Default: 16 MiB. */
  readonly maxResponseBytes?: number;
  /** Your own undici `Dispatcher`, such as a `ProxyAgent`. Default: a pool for each host. */
  readonly dispatcher?: UndiciDispatcher;
  /** Your own `fetch`. Default: undici on Node if it is installed, or else the platform's `fetch`. */
  readonly fetch?: typeof globalThis.fetch;
  /** Azure: the name of the resource, which is part of the host. */
  readonly resource?: string;
  /** Azure: the name of the deployment. Default: the model's name. */
  readonly deployment?: string;
  /** Azure: the version of the API, such as `2024-10-21`. Default: the v1 API, which has no versions. */
  readonly apiVersion?: string;
}
