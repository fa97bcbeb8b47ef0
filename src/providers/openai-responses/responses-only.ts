/**
 * The models of OpenAI that have no chat completions, by the pages of the models: `o1-pro`, `gpt-5.2-pro`, `gpt-5-codex`,
 * `o3-deep-research`, `computer-use-preview`.
 */
const RESPONSES_ONLY = /^(?:o\d+|gpt-[\d.]+)-pro\b|\bcodex\b|-deep-research\b|^computer-use-preview\b/;

/** The API of a model of OpenAI: chat completions, or the Responses API, which newer models have alone. */
export type OpenAIApi = 'chat' | 'responses';

/** Returns the API of a model of OpenAI, unless the caller chooses another one. */
export const apiOf = (modelId: unknown): OpenAIApi =>
  typeof modelId === 'string' && RESPONSES_ONLY.test(modelId) ? 'responses' : 'chat';

/** The fault of an option that chat completions alone need. */
export const finishFault = (owner: string): string =>
  `${owner}: option "finish" requires api: 'chat': in the Responses API every answer says whether it is complete`;
