/** How a server is asked for an answer in JSON: by a schema, as any JSON object, or in words alone. */
export type AnswerFormat = 'json_schema' | 'json_object' | 'none';

/** What is known of a server that speaks the OpenAI chat protocol, and where it does so in its own way. */
export interface Preset {
  /** As models of this server are called in ids and prices. */
  readonly provider: string;
  readonly baseURL?: string;
  /** The environment variable with the key; without one, no key is needed. */
  readonly keyVariable?: string;
  /** The header that the key goes into. `authorization` has `Bearer` before it. */
  readonly keyHeader: 'authorization' | 'api-key';
  /** The strictest answer format that all of its models understand. */
  readonly answerFormat: AnswerFormat;
  readonly maxTokensField: 'max_tokens' | 'max_completion_tokens';
  /** Whether streams are asked for their usage; a server that refuses the question gives it anyway. */
  readonly asksForUsage: boolean;
  /** What asks for the probabilities of tokens; `undefined` where there are none to be had. */
  readonly logprobs: true | 1 | undefined;
  /** Whether `usage.cost` is what the call cost in USD. */
  readonly reportsCost: boolean;
}

/** A server of which nothing else is known. */
export const PLAIN: Preset = {
  provider: 'openai-compatible',
  keyHeader: 'authorization',
  answerFormat: 'json_schema',
  maxTokensField: 'max_tokens',
  asksForUsage: true,
  logprobs: true,
  reportsCost: false,
};

/** The name of a known server. */
export type PresetName =
  | 'ollama'
  | 'vllm'
  | 'lmstudio'
  | 'llamacpp'
  | 'openrouter'
  | 'groq'
  | 'together'
  | 'fireworks'
  | 'deepseek'
  | 'mistral'
  | 'xai'
  | 'azure';

/** The servers that are known by name. */
export const PRESETS: Readonly<Record<PresetName, Preset>> = {
  ollama: { ...PLAIN, provider: 'ollama', baseURL: 'http://localhost:11434/v1' },
  vllm: { ...PLAIN, provider: 'vllm', baseURL: 'http://localhost:8000/v1' },
  lmstudio: { ...PLAIN, provider: 'lmstudio', baseURL: 'http://localhost:1234/v1', logprobs: undefined },
  llamacpp: { ...PLAIN, provider: 'llamacpp', baseURL: 'http://localhost:8080/v1' },
  openrouter: {
    ...PLAIN,
    provider: 'openrouter',
    baseURL: 'https://openrouter.ai/api/v1',
    keyVariable: 'OPENROUTER_API_KEY',
    // Always there, and the question for it is deprecated.
    asksForUsage: false,
    reportsCost: true,
  },
  groq: {
    ...PLAIN,
    provider: 'groq',
    baseURL: 'https://api.groq.com/openai/v1',
    keyVariable: 'GROQ_API_KEY',
    // Some of its models answer 400 to a schema, and all of them to `logprobs`.
    answerFormat: 'json_object',
    maxTokensField: 'max_completion_tokens',
    logprobs: undefined,
  },
  together: {
    ...PLAIN,
    provider: 'together',
    baseURL: 'https://api.together.xyz/v1',
    keyVariable: 'TOGETHER_API_KEY',
    logprobs: 1,
  },
  fireworks: {
    ...PLAIN,
    provider: 'fireworks',
    baseURL: 'https://api.fireworks.ai/inference/v1',
    keyVariable: 'FIREWORKS_API_KEY',
  },
  deepseek: {
    ...PLAIN,
    provider: 'deepseek',
    baseURL: 'https://api.deepseek.com/v1',
    keyVariable: 'DEEPSEEK_API_KEY',
    // It knows no schemas.
    answerFormat: 'json_object',
  },
  mistral: {
    ...PLAIN,
    provider: 'mistral',
    baseURL: 'https://api.mistral.ai/v1',
    keyVariable: 'MISTRAL_API_KEY',
    // Answers 422 to the question, and gives the usage without it.
    asksForUsage: false,
    logprobs: undefined,
  },
  xai: {
    ...PLAIN,
    provider: 'xai',
    baseURL: 'https://api.x.ai/v1',
    keyVariable: 'XAI_API_KEY',
    maxTokensField: 'max_completion_tokens',
  },
  /** Its base URL is made of the resource, see `endpoint.ts`. */
  azure: {
    ...PLAIN,
    provider: 'azure',
    keyVariable: 'AZURE_OPENAI_API_KEY',
    keyHeader: 'api-key',
    maxTokensField: 'max_completion_tokens',
  },
};
