import type { Flags } from './flags.ts';
import { serveFlags } from './serve-flags.ts';

/** The values of the flags of `mcp`. */
export interface McpFlags {
  readonly config?: string;
}

/** The flags of `mcp`. */
export const mcpFlags: Flags<McpFlags> = { config: serveFlags.config };
