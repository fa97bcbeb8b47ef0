import type { AnswerFormat, PresetName } from './presets.ts';
import type { UndiciDispatcher } from './undici-transport.ts';

/** Options of {@link openaiCompatible}. */
export interface OpenAICompatibleOptions {
  /** A server that is known by name: its base URL, the variable of its key, and its ways. */
  readonly preset?: PresetName;
  /** Where the API is, as far as `/chat/completions`, so mostly with `/v1`. Default: that of the preset. */
  readonly baseURL?: string;
  /** The key. Default: the environment's, by the preset, and only for the preset's own base URL. */
  readonly apiKey?: string;
  /** More headers. Those for a key replace the ones made of `apiKey`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Names the model in votes, weights and costs. Default: the preset, a slash, and the model's name. */
  readonly id?: string;
  /** The most tokens that are written. Default: the model's own. */
  readonly maxOutputTokens?: number;
  /** How freely tokens are drawn, 0..2. Default: not sent. */
  readonly temperature?: number;
  /** Asks for the probabilities of tokens, and takes the confidence from them. */
  readonly confidence?: 'logprobs';
  /** How the server is asked for answers that fit a schema. Default: by the preset, else `'json_schema'`. */
  readonly answerFormat?: AnswerFormat;
  /** More fields of the request, sent as they are: `{ seed: 7, reasoning_effort: 'low' }`. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** The most bytes of a response that are read. Default 16 MiB. */
  readonly maxResponseBytes?: number;
  /** An undici `Dispatcher` of your own, such as a `ProxyAgent`. */
  readonly dispatcher?: UndiciDispatcher;
  /** A `fetch` of your own. */
  readonly fetch?: typeof globalThis.fetch;
  /** Azure: the name of the resource, which makes the host. */
  readonly resource?: string;
  /** Azure: the name of the deployment. Default: the model's name. */
  readonly deployment?: string;
  /** Azure: asks the API of this version, such as `2024-10-21`. Default: the v1 API, which has no versions. */
  readonly apiVersion?: string;
}
