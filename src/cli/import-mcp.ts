import { ConfigError } from '../domain/errors.ts';
import type { McpSdk } from '../mcp/mcp-sdk.ts';

const PACKAGE: string = '@modelcontextprotocol/server';

/** The part of `@modelcontextprotocol/server/stdio` that is used. */
interface StdioSdk {
  readonly serveStdio: (factory: () => Promise<object>) => { close(): Promise<void> };
}

/** Imports the SDK of MCP; `undefined` if it is not installed. */
export const importMcp = async (): Promise<McpSdk | undefined> => {
  try {
    return (await import(PACKAGE)) as McpSdk;
  } catch {
    return undefined;
  }
};

/** @throws {ConfigError} if it is not installed. */
export const importMcpStdio = async (): Promise<McpSdk & StdioSdk> => {
  const sdk = await importMcp();
  if (sdk === undefined) throw new ConfigError([`mcp needs ${PACKAGE}: npm install ${PACKAGE}`]);
  return { ...sdk, ...((await import(`${PACKAGE}/stdio`)) as StdioSdk) };
};
