/** Prints the figures of the layout of `src/`, and fails on a violation. `--arrows` lists the arrows between rooms. */
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { importsOf, layers, layoutOf, violationsOf } from './layout.ts';

const src = fileURLToPath(new URL('../src/', import.meta.url));
const texts = globSync('**/*.ts', { cwd: src }).map(
  (path) => [path, readFileSync(src + path, 'utf8')] as const,
);
const layout = layoutOf(Object.fromEntries(texts.map(([path, text]) => [path, importsOf(path, text)])));
const lines = texts.reduce((sum, [, text]) => sum + text.split('\n').length - 1, 0);

const figures: Readonly<Record<string, number>> = {
  'rooms (folders and loose files)': layout.rooms.length,
  'loose files in src/': layout.looseFiles.length,
  layers: layers.length,
  'floors (longest way through rooms)': layout.floors,
  'arrows between rooms': layout.arrows.length,
  'arrows back up': layout.back.length,
  'circles of files (types included)': layout.fileCircles.length,
  'circles of rooms (types included)': layout.roomCircles.length,
  'files of src/': layout.files,
  'lines of src/': lines,
};
for (const [name, value] of Object.entries(figures)) console.log(`${String(value).padStart(7)}  ${name}`);
if (process.argv.includes('--arrows')) console.log(`\n${layout.arrows.join('\n')}`);

const violations = violationsOf(layout);
for (const violation of violations) console.error(`\n${violation}`);
if (violations.length > 0) process.exitCode = 1;
