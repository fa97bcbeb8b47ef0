/**
 * Ensembles as tools of the Model Context Protocol. Requires `@modelcontextprotocol/server`.
 *
 * @packageDocumentation
 */

export {
  createEnsembleMcp,
  type EnsembleMcp,
  type EnsembleMcpOptions,
} from './create-ensemble-mcp.ts';
export type { McpHandler, McpSdk, ServerContext } from './mcp-sdk.ts';
