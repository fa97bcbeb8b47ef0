import type { LanguageModelV3, LanguageModelV4 } from '@ai-sdk/provider';

/** A language model of the AI SDK 7 or 6, such as `openai('gpt-6-luna')` of `@ai-sdk/openai`. */
export type AiSdkLanguageModel = LanguageModelV4 | LanguageModelV3;
