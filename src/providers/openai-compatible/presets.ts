import type { QuerySettings } from '../../domain/query-settings.ts';
import type { RequestFeature } from '../../domain/request-features.ts';
import { type AccessRules, SDK_ACCESS } from '../access.ts';
import { environment } from '../environment.ts';

/** How a request describes a JSON answer: by a schema, as any JSON object, or only in the prompt. */
export type AnswerFormat = 'json_schema' | 'json_object' | 'none';

/** A server with the OpenAI chat protocol, and its differences from OpenAI. */
export interface Preset {
  readonly baseURL?: string;
  /** The environment variable of its address, as Ollama's own programs read it: `host:port` or a URL. */
  readonly hostVariable?: string;
  /** The environment variable of the key. Absent if the server needs no key. */
  readonly keyVariable?: string;
  /** Where the key comes from and may go, if that is more than one variable and one host. */
  readonly access?: AccessRules;
  /** Headers of the server itself with the environment variables of their values. */
  readonly headerVariables?: Readonly<Record<string, string>>;
  /** The header of the key. In `authorization`, `Bearer` precedes the key. */
  readonly keyHeader: 'authorization' | 'api-key';
  /** The strictest answer format that all of its models support. */
  readonly answerFormat: AnswerFormat;
  readonly maxTokensField: 'max_tokens' | 'max_completion_tokens' | 'max_output_tokens';
  /** Whether requests ask for the usage of streams. Servers that reject the field send the usage anyway. */
  readonly asksForUsage: boolean;
  /** The value of the field `logprobs`; `undefined` if the server returns no probabilities. */
  readonly logprobs: true | 1 | undefined;
  /** Whether `usage` has the cost of the call. */
  readonly reportsCost: boolean;
  /** What its documentation says that a request may hold. Which model can read it is not known. */
  readonly carries: ReadonlySet<RequestFeature>;
  readonly takes: ReadonlySet<keyof QuerySettings>;
  /** Whether a tool may be marked as strict. */
  readonly takesStrictTools?: true;
  /** The field of the setting `seed`. Default `seed`. */
  readonly seedField?: 'random_seed';
}

/** What OpenAI's chat completions can be sent: of files PDF alone, and none by its URL. */
export const OPENAI_CARRIES: Preset['carries'] = new Set(['image', 'image-url', 'pdf', 'audio', 'tools']);

/** Servers that take images and tools by their documentation, and no other files. */
const IMAGES_AND_TOOLS: Preset['carries'] = new Set(['image', 'image-url', 'tools']);

/** The settings that OpenAI's chat completions have a field for. */
const OPENAI_SETTINGS = [
  ...['maxOutputTokens', 'temperature', 'topP', 'presencePenalty', 'frequencyPenalty'],
  ...['stopSequences', 'seed', 'reasoningEffort'],
] as readonly (keyof QuerySettings)[];

export const OPENAI_TAKES: Preset['takes'] = new Set(OPENAI_SETTINGS);

/** What local servers and routers take as well. */
const ALL_SETTINGS: Preset['takes'] = new Set([...OPENAI_SETTINGS, 'topK']);

const openaiTakesWithout = (...names: readonly (keyof QuerySettings)[]): Preset['takes'] =>
  new Set(OPENAI_SETTINGS.filter((name) => !names.includes(name)));

/** An unknown server. */
export const PLAIN: Preset = {
  keyHeader: 'authorization',
  answerFormat: 'json_schema',
  maxTokensField: 'max_tokens',
  asksForUsage: true,
  logprobs: true,
  reportsCost: false,
  // All that the protocol can express: which of it the server knows, it says itself.
  carries: new Set([...OPENAI_CARRIES, 'file']),
  takes: ALL_SETTINGS,
};

/** The name of a known server. It is also the provider's name in ids and prices. */
export type PresetName =
  | 'openai'
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

/** The known servers. */
export const PRESETS: Readonly<Record<PresetName, Preset>> = {
  openai: {
    ...PLAIN,
    baseURL: SDK_ACCESS.openai.baseURL,
    access: SDK_ACCESS.openai,
    headerVariables: { 'openai-organization': 'OPENAI_ORG_ID', 'openai-project': 'OPENAI_PROJECT_ID' },
    maxTokensField: 'max_completion_tokens',
    carries: OPENAI_CARRIES,
    takes: OPENAI_TAKES,
    takesStrictTools: true,
  },
  ollama: {
    ...PLAIN,
    baseURL: 'http://localhost:11434/v1',
    hostVariable: 'OLLAMA_HOST',
    carries: IMAGES_AND_TOOLS,
    // Its own protocol has `top_k`; this one ignores it.
    takes: OPENAI_TAKES,
  },
  vllm: {
    ...PLAIN,
    baseURL: 'http://localhost:8000/v1',
    carries: new Set([...IMAGES_AND_TOOLS, 'audio']),
  },
  lmstudio: {
    ...PLAIN,
    baseURL: 'http://localhost:1234/v1',
    logprobs: undefined,
    // It refuses the URLs of images.
    carries: new Set(['image', 'tools']),
  },
  llamacpp: {
    ...PLAIN,
    baseURL: 'http://localhost:8080/v1',
    carries: new Set([...IMAGES_AND_TOOLS, 'audio']),
  },
  openrouter: {
    ...PLAIN,
    baseURL: 'https://openrouter.ai/api/v1',
    keyVariable: 'OPENROUTER_API_KEY',
    // Usage is always sent, and the field that asks for it is deprecated.
    asksForUsage: false,
    reportsCost: true,
    carries: new Set([...PLAIN.carries, 'pdf-url']),
  },
  groq: {
    ...PLAIN,
    baseURL: 'https://api.groq.com/openai/v1',
    keyVariable: 'GROQ_API_KEY',
    // Some models answer 400 to a schema, and all models to `logprobs`.
    answerFormat: 'json_object',
    maxTokensField: 'max_completion_tokens',
    logprobs: undefined,
    carries: IMAGES_AND_TOOLS,
    takes: OPENAI_TAKES,
  },
  together: {
    ...PLAIN,
    baseURL: 'https://api.together.xyz/v1',
    keyVariable: 'TOGETHER_API_KEY',
    logprobs: 1,
    carries: IMAGES_AND_TOOLS,
  },
  fireworks: {
    ...PLAIN,
    baseURL: 'https://api.fireworks.ai/inference/v1',
    keyVariable: 'FIREWORKS_API_KEY',
    carries: IMAGES_AND_TOOLS,
  },
  deepseek: {
    ...PLAIN,
    baseURL: 'https://api.deepseek.com/v1',
    keyVariable: 'DEEPSEEK_API_KEY',
    // DeepSeek does not support schemas.
    answerFormat: 'json_object',
    carries: IMAGES_AND_TOOLS,
    takes: openaiTakesWithout('seed'),
  },
  mistral: {
    ...PLAIN,
    baseURL: 'https://api.mistral.ai/v1',
    keyVariable: 'MISTRAL_API_KEY',
    // Mistral answers 422 to the field that asks for usage, and sends usage without it.
    asksForUsage: false,
    logprobs: undefined,
    carries: IMAGES_AND_TOOLS,
    takes: OPENAI_TAKES,
    seedField: 'random_seed',
  },
  xai: {
    ...PLAIN,
    baseURL: 'https://api.x.ai/v1',
    keyVariable: 'XAI_API_KEY',
    maxTokensField: 'max_completion_tokens',
    reportsCost: true,
    carries: IMAGES_AND_TOOLS,
    takes: OPENAI_TAKES,
  },
  /** Its base URL is built from the resource, see `endpoint.ts`. */
  azure: {
    ...PLAIN,
    keyVariable: 'AZURE_OPENAI_API_KEY',
    keyHeader: 'api-key',
    maxTokensField: 'max_completion_tokens',
    carries: OPENAI_CARRIES,
    takes: OPENAI_TAKES,
    takesStrictTools: true,
  },
};

/** The hosts of Azure, where each resource has a name of its own. */
const AZURE_HOSTS = ['.openai.azure.com', '.services.ai.azure.com', '.cognitiveservices.azure.com'];

/** Where the key of a server comes from, and where it may go. */
export const presetAccess = ({ access, keyVariable, baseURL }: Preset): AccessRules =>
  access ?? {
    keyVariables: keyVariable === undefined ? [] : [keyVariable],
    hosts: baseURL === undefined ? AZURE_HOSTS : [new URL(baseURL).hostname],
    baseURL,
  };

/** Returns the address that a variable of the environment states as `host:port` or as a URL; `undefined` if it is empty. */
export const serverAddress = (host = ''): string | undefined => {
  const address = host.replace(/\/+$/, '');
  if (address === '') return undefined;
  return address.includes('://') ? address : `http://${address}`;
};

/** The address of a server: that of its variable of the environment, or its own. */
export const addressOf = ({ access, hostVariable = '', baseURL }: Preset): string | undefined => {
  const variables = environment();
  const address = serverAddress(variables[hostVariable]);
  if (address !== undefined) return `${address}/v1`;
  return variables[access?.baseURLVariable ?? '']?.trim() || baseURL;
};
