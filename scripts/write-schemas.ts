import { mkdirSync, writeFileSync } from 'node:fs';
import { schemaFiles } from './json-schemas.ts';

// Writes the JSON Schemas of the files of the command line, which are part of the package.
const folder = new URL('../schema/', import.meta.url);
mkdirSync(folder, { recursive: true });
for (const [name, content] of Object.entries(schemaFiles)) writeFileSync(new URL(name, folder), content);
