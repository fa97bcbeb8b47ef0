import { registerHooks } from 'node:module';
import { mcpFolder } from './installed.ts';

// Lets the command line find the SDK as if it were installed beside it.
registerHooks({
  resolve: (specifier, context, next) =>
    next(
      specifier,
      specifier.startsWith('@modelcontextprotocol/') && !context.parentURL?.includes('node_modules')
        ? { ...context, parentURL: new URL('index.js', mcpFolder?.url).href }
        : context,
    ),
});
