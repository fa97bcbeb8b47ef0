import type { Flags } from './flags.ts';

/** The values of the flags of `serve`. */
export interface ServeFlags {
  readonly config?: string;
  readonly check?: boolean;
  readonly host?: string;
  readonly port?: number;
}

/** The flags of `serve`. */
export const serveFlags: Flags<ServeFlags> = {
  config: {
    value: '<file>',
    completes: 'files',
    description: 'the configuration: JSON, YAML, or a module with a default export',
  },
  check: { description: 'check the configuration and end' },
  host: { value: '<host>', description: 'the address to listen at (default: from the file, or 127.0.0.1)' },
  port: { value: '<n>', isNumber: true, description: 'the port (default: from the file, or 4747)' },
};
