/**
 * Ensembles as chat models of LangChain, and chat models of LangChain as members. Requires `@langchain/core`.
 *
 * @packageDocumentation
 */

export type { EnsembleCallOptions, ResponseFormat } from './ensemble-call-options.ts';
export { EnsembleChatModel, type EnsembleChatModelFields } from './ensemble-chat-model.ts';
export { type FromLangChainOptions, fromLangChain, type LangChainChatModel } from './from-langchain.ts';
export type { MemberConfig } from './member-config.ts';
export type { AskableEnsemble } from './predicted.ts';
