import { omit } from '../../domain/omit.ts';
import type { QuerySettings } from '../../domain/query-settings.ts';
import type { ReasoningEffort } from '../../domain/reasoning-effort.ts';
import { type ModelRequest, warnOf } from '../../domain/request.ts';
import { featuresOf } from '../../domain/request-features.ts';
import { asObject } from '../as-object.ts';
import type { Exchange } from '../provider-model.ts';
import { TAKEN } from './setting-fields.ts';

/** The options of a model that decide by which API a request goes. */
interface ApiOptions {
  readonly reasoningEffort?: ReasoningEffort | undefined;
  readonly parameters?: Readonly<Record<string, unknown>> | undefined;
}

/** Parameters that mean the same in both APIs, and the effort, which is moved. */
const COMMON: ReadonlySet<string> = new Set([
  ...['reasoning_effort', 'service_tier', 'prompt_cache_key', 'safety_identifier', 'metadata', 'user'],
  ...['parallel_tool_calls'],
]);

/**
 * Whether a request for a model of OpenAI goes by the Responses API because of its tools: chat completions take tools of
 * GPT-5.6 and later only without reasoning, and of GPT-5.4 only without an effort. Audio and other parameters stay in a chat.
 */
export const toolsNeedResponses = (
  modelId: string,
  { request, settings }: Pick<Exchange, 'request' | 'settings'>,
  options: ApiOptions,
): boolean => {
  const version = Number(/^gpt-(\d+(?:\.\d+)?)(?!.*chat)/.exec(modelId)?.[1] ?? 0);
  const effort = settings.reasoningEffort ?? effortOf(options);
  const isRefused = effort !== 'none' && (version >= 5.6 || (version >= 5.4 && effort !== undefined));
  if (!isRefused) return false;
  const features = featuresOf(request);
  return (
    features.has('tools') &&
    !features.has('audio') &&
    Object.keys(options.parameters ?? {}).every((name) => COMMON.has(name))
  );
};

const effortOf = ({ reasoningEffort, parameters }: ApiOptions): ReasoningEffort | undefined =>
  reasoningEffort ?? (asObject(parameters).reasoning_effort as ReasoningEffort | undefined);

/** Returns the options of a model of chat completions as the Responses API has them. */
export const movedOptions = <Options extends ApiOptions>(
  options: Options,
): Options & { readonly reasoningEffort: ReasoningEffort | undefined } => ({
  ...options,
  reasoningEffort: effortOf(options),
  parameters: omit(options.parameters ?? {}, ['reasoning_effort']),
});

/** Returns the settings that the Responses API takes. Warns of the others. */
export const movedSettings = (id: string, request: ModelRequest, settings: QuerySettings): QuerySettings => {
  const left = (Object.keys(settings) as (keyof QuerySettings)[]).filter((name) => !TAKEN.has(name));
  for (const name of left)
    warnOf(request, `${id} does not take the setting "${name}" together with tools: it was left out`);
  return omit(settings, left);
};
