// What tests of models are written with: a server that misbehaves on request, and the contract of every model.
export type { FaultServer, SeenRequest } from './fault-server.ts';
export { startFaultServer } from './fault-server.ts';
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
