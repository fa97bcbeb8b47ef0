/**
 * Bundles the libraries of charts into `dist/report/charting.js`, with their licences beside it, and removes the declarations
 * that no entry reaches: some of them name types of these libraries.
 */
import { globSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import manifest from '../package.json' with { type: 'json' };
import { importsOf } from './layout.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const CHARTING = 'dist/report/charting';

const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: [`${CHARTING}.js`],
  outfile: `${CHARTING}.js`,
  allowOverwrite: true,
  bundle: true,
  format: 'esm',
  platform: 'neutral',
  mainFields: ['module', 'main'],
  target: 'es2023',
  minify: true,
  legalComments: 'none',
  metafile: true,
});
rmSync(`${root}${CHARTING}.js.map`);

/** The licence of a package, as it stands in its folder. */
const licenceOf = (folder: string): string => {
  const { name, version } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as {
    readonly name: string;
    readonly version: string;
  };
  const file = readdirSync(join(root, folder)).find((entry) => /^licen[cs]e/i.test(entry));
  if (file === undefined) throw new Error(`${name} ${version} has no licence file, so it cannot be bundled`);
  return `${name} ${version}\n\n${readFileSync(join(root, folder, file), 'utf8').trim()}\n`;
};

const folders = new Set(
  Object.values(metafile.outputs)
    .flatMap(({ inputs }) => Object.entries(inputs))
    .flatMap(([path, { bytesInOutput }]) =>
      bytesInOutput > 0 ? (/.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []) : [],
    ),
);
writeFileSync(
  `${root}${CHARTING}.licences.txt`,
  `charting.js contains these packages.\n\n${[...folders]
    .toSorted()
    .map(licenceOf)
    .join(`\n${'-'.repeat(80)}\n\n`)}`,
);

const reached = new Set(
  Object.values(manifest.exports).flatMap((entry) =>
    typeof entry === 'string' ? [] : [entry.types.replace('./', '')],
  ),
);
for (const path of reached)
  for (const imported of importsOf(path, readFileSync(join(root, path), 'utf8')))
    reached.add(imported.replace(/\.[jt]s$/, '.d.ts'));
for (const path of globSync('dist/**/*.d.ts', { cwd: root }).filter((path) => !reached.has(path)))
  for (const file of [path, `${path}.map`]) rmSync(join(root, file));
