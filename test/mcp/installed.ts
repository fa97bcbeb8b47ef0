import { onDemand } from '../../scripts/on-demand.ts';

/** The folder with the SDKs of MCP, or `undefined` without a network. */
export const mcpFolder = onDemand({
  name: 'mcp',
  packages: {
    '@modelcontextprotocol/server': '2',
    '@modelcontextprotocol/client': '2',
    '@modelcontextprotocol/sdk': '1',
  },
});

/** Imports a module of the folder. Its types are not those of the project, which does not install it. */
// biome-ignore lint/suspicious/noExplicitAny: the package is not a dependency of the project
export const importInstalled = async (name: string): Promise<any> => {
  if (mcpFolder === undefined) throw new Error('the SDKs of MCP are not installed');
  return mcpFolder.load(name);
};
