import type { QuerySettings } from '../../domain/query-settings.ts';

/** The settings of a query besides the limit of the output, and their fields in a chat completion request. */
const FIELDS: Readonly<Record<Exclude<keyof QuerySettings, 'maxOutputTokens'>, string>> = {
  temperature: 'temperature',
  topP: 'top_p',
  topK: 'top_k',
  presencePenalty: 'presence_penalty',
  frequencyPenalty: 'frequency_penalty',
  stopSequences: 'stop',
  seed: 'seed',
  reasoningEffort: 'reasoning_effort',
};

/** Returns the fields of settings, besides that of the limit of the output. */
export const chatSettings = ({ maxOutputTokens: _, ...settings }: QuerySettings): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [FIELDS[name as keyof typeof FIELDS], value]),
  );
