/** Writes the runnable blocks of the documentation as modules, for `npm run check:types`. */
import { fileURLToPath } from 'node:url';
import { writeSnippets } from './snippets.ts';

writeSnippets(fileURLToPath(new URL('..', import.meta.url)));
