import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import { installedFolder } from './installed.ts';

// Lets the command line find the SDK as if it were installed beside it.
registerHooks({
  resolve: (specifier, context, next) =>
    next(
      specifier,
      specifier.startsWith('@modelcontextprotocol/') && !context.parentURL?.includes('node_modules')
        ? { ...context, parentURL: pathToFileURL(`${installedFolder}index.js`).href }
        : context,
    ),
});
