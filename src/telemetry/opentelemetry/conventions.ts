/*
 * Every name in spans and metrics. The conventions for generative AI are in development and rename attributes, so the
 * names are pinned here rather than imported.
 *
 * Default: https://github.com/open-telemetry/semantic-conventions/tree/v1.41.0/docs/gen-ai, the last version before
 * they moved. Latest: https://github.com/open-telemetry/semantic-conventions-genai, v0.1.0.
 */

/** Names the instrumentation in spans and metrics. */
export const SCOPE = 'crucible-ensemble';

/** The operations of spans. */
export const OPERATION = { chat: 'chat', workflow: 'invoke_workflow' } as const;

/** Attributes that have the same name in both versions of the conventions. */
export const GEN_AI = {
  operation: 'gen_ai.operation.name',
  provider: 'gen_ai.provider.name',
  requestModel: 'gen_ai.request.model',
  responseId: 'gen_ai.response.id',
  responseModel: 'gen_ai.response.model',
  finishReasons: 'gen_ai.response.finish_reasons',
  timeToFirstChunk: 'gen_ai.response.time_to_first_chunk',
  inputTokens: 'gen_ai.usage.input_tokens',
  outputTokens: 'gen_ai.usage.output_tokens',
  cacheReadTokens: 'gen_ai.usage.cache_read.input_tokens',
  reasoningTokens: 'gen_ai.usage.reasoning.output_tokens',
  tokenType: 'gen_ai.token.type',
  inputMessages: 'gen_ai.input.messages',
  outputMessages: 'gen_ai.output.messages',
  systemInstructions: 'gen_ai.system_instructions',
  errorType: 'error.type',
} as const;

/** Attributes that the conventions do not cover. */
export const CRUCIBLE = {
  ensemble: 'crucible.ensemble',
  strategy: 'crucible.strategy',
  execution: 'crucible.execution',
  status: 'crucible.status',
  model: 'crucible.model',
  call: 'crucible.call',
  role: 'crucible.role',
  attempt: 'crucible.attempt',
  vote: 'crucible.vote',
  confidence: 'crucible.confidence',
  consensus: 'crucible.consensus',
  quorum: 'crucible.quorum',
  candidates: 'crucible.candidates',
  models: 'crucible.models',
  missing: 'crucible.missing',
  grouping: 'crucible.grouping',
  decider: 'crucible.decider',
  decision: 'crucible.decision',
  successes: 'crucible.successes',
  failures: 'crucible.failures',
  abstentions: 'crucible.abstentions',
  cancelled: 'crucible.cancelled',
  cached: 'crucible.cached',
  costUsd: 'crucible.cost_usd',
  costSource: 'crucible.cost_source',
  requestId: 'crucible.request_id',
  breakerState: 'crucible.state',
  /** The prefix of keys of `telemetryMetadata`. */
  metadata: 'crucible.metadata.',
} as const;

/** The names that differ between the two versions of the conventions. */
export interface Conventions {
  readonly workflowName: string;
  readonly cacheWriteTokens: string;
  readonly callDuration: string;
  readonly timeToFirstChunk: string;
  /** One histogram with the type of token as an attribute, or one counter for each type. */
  readonly tokens:
    | string
    | Readonly<Record<'input' | 'output' | 'cacheRead' | 'cacheWrite' | 'reasoning', string>>;
}

const DEFAULT: Conventions = {
  workflowName: 'gen_ai.workflow.name',
  cacheWriteTokens: 'gen_ai.usage.cache_creation.input_tokens',
  callDuration: 'gen_ai.client.operation.duration',
  timeToFirstChunk: 'gen_ai.client.operation.time_to_first_chunk',
  tokens: 'gen_ai.client.token.usage',
};

const LATEST: Conventions = {
  workflowName: 'gen_ai.agent.name',
  cacheWriteTokens: 'gen_ai.usage.cache_write.input_tokens',
  callDuration: 'gen_ai.client.inference.duration',
  timeToFirstChunk: 'gen_ai.client.inference.time_to_first_chunk',
  tokens: {
    input: 'gen_ai.client.inference.usage.input_tokens',
    output: 'gen_ai.client.inference.usage.output_tokens',
    cacheRead: 'gen_ai.client.inference.usage.cache_read.input_tokens',
    cacheWrite: 'gen_ai.client.inference.usage.cache_write.input_tokens',
    reasoning: 'gen_ai.client.inference.usage.reasoning.output_tokens',
  },
};

/** Returns the version that `OTEL_SEMCONV_STABILITY_OPT_IN`, a comma-separated list, selects. */
export const conventionsFor = (optIn = ''): Conventions =>
  optIn.split(',').some((value) => value.trim() === 'gen_ai_latest_experimental') ? LATEST : DEFAULT;

/** Metrics that the conventions do not cover. */
export const METRIC = {
  predictionDuration: 'crucible.prediction.duration',
  consensus: 'crucible.consensus',
  votes: 'crucible.votes',
  missingMembers: 'crucible.members.missing',
  cancelledCalls: 'crucible.calls.cancelled',
  cacheHits: 'crucible.cache.hits',
  cost: 'crucible.cost',
  breakerState: 'crucible.breaker.state',
} as const;

/** Bucket boundaries for seconds, as the conventions advise: 0.01 × 2ⁿ. */
export const SECONDS = Array.from({ length: 14 }, (_, exponent) => Math.round(2 ** exponent) / 100);
/** Bucket boundaries for tokens, as the conventions advise: 4ⁿ. */
export const TOKENS = Array.from({ length: 14 }, (_, exponent) => 4 ** exponent);
/** Bucket boundaries for shares from 0 to 1. */
export const SHARES = Array.from({ length: 10 }, (_, tenth) => (tenth + 1) / 10);

/** The conventions' names of providers that have another name in this library. */
const PROVIDERS: ReadonlyMap<string, string> = new Map([
  ['google', 'gcp.gemini'],
  ['mistral', 'mistral_ai'],
  ['xai', 'x_ai'],
  ['azure', 'azure.ai.openai'],
]);

/** The conventions' value for anything unknown. */
export const OTHER = '_OTHER';
/** The `error.type` of cancelled calls and predictions. */
export const CANCELLED = 'cancelled';

/** Returns the conventions' name of a provider. */
export const providerName = (provider: string | undefined): string =>
  provider === undefined ? OTHER : (PROVIDERS.get(provider) ?? provider);

/** Finish reasons that the conventions spell differently. */
const FINISH_REASONS: ReadonlyMap<string, string> = new Map([
  ['content-filter', 'content_filter'],
  ['tool-calls', 'tool_call'],
]);

/** Returns the conventions' spelling of a finish reason. */
export const finishReasonName = (reason: string): string => FINISH_REASONS.get(reason) ?? reason;
