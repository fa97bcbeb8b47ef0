// Tests of models and voters: the contract of each, and a server that misbehaves on request.
export type { RequestFeature } from '../domain/request-features.ts';
export type { Limitation } from './contract/clause.ts';
export type { Watch } from './contract/staged-prediction.ts';
export type { DeciderContractOptions } from './decider-contract.ts';
export { deciderContract } from './decider-contract.ts';
export type { SentPart, SentRequest, ServedAnswer, WireDialect } from './dialects/wire-dialect.ts';
export type { FaultServer, SeenRequest } from './fault-server.ts';
export { startFaultServer } from './fault-server.ts';
export type { GroupingContractOptions } from './grouping-contract.ts';
export { groupingContract } from './grouping-contract.ts';
export type { ContractCase, DialectName, ModelContractOptions } from './model-contract.ts';
export { modelContract } from './model-contract.ts';
export type { EventStreamOptions, Reply, ReplyOptions, ServedEvent } from './replies.ts';
export {
  body,
  commentsOnly,
  cutJson,
  delayed,
  encodeEvents,
  endlessBody,
  eventStream,
  html,
  json,
  reset,
  stalledBody,
  stalledHeaders,
} from './replies.ts';
export type { VoterContractOptions } from './voter-contract.ts';
export { voterContract } from './voter-contract.ts';
