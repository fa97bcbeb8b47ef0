import type { BaseChatModelCallOptions, BindToolsInput } from '@langchain/core/language_models/chat_models';
import type { QuerySettings } from '../domain/query-settings.ts';
import type { PredictOverrides } from '../engine/ensemble-options.ts';

/** How the answer is written: as a text, as any value of JSON, or as one that fits a JSON Schema. */
export interface ResponseFormat {
  readonly type: 'text' | 'json_object' | 'json_schema';
  readonly json_schema?: { readonly schema: object; readonly name?: string };
}

/**
 * Options of one call of an {@link EnsembleChatModel}. The settings of members have the names that models of LangChain give
 * them, such as `temperature`, `maxTokens` or `max_tokens`, and `stop`.
 */
export interface EnsembleCallOptions extends BaseChatModelCallOptions, Omit<QuerySettings, 'stopSequences'> {
  /** The same as `maxOutputTokens`, as most models of LangChain call it. */
  readonly maxTokens?: number;
  readonly max_tokens?: number;
  readonly max_completion_tokens?: number;
  readonly top_p?: number;
  readonly top_k?: number;
  readonly presence_penalty?: number;
  readonly frequency_penalty?: number;
  readonly reasoning_effort?: QuerySettings['reasoningEffort'];
  /** The tools that members may call: tools of LangChain, or in the form of OpenAI. See `bindTools`. */
  tools?: readonly BindToolsInput[];
  /** Whether members may call several tools at a time. Default `true`. */
  parallel_tool_calls?: boolean;
  /** The form of the answer. Default: a text. */
  response_format?: ResponseFormat;
  /** How the prediction is made, such as `{ deadlineMs: 5000, strategy: 'unanimous' }`. Default: as the ensemble says. */
  overrides?: Omit<PredictOverrides, 'signal'>;
}
