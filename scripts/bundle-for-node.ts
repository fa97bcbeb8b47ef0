/**
 * Writes the entries of the package for Node into `dist/bundle`: the same sources in few files. Node takes half a millisecond
 * for each file that it imports, and the public core has some hundreds. Entries share files, so that a class or a symbol exists
 * once. Bundlers read the files of the compiler instead, of which they can leave out each.
 */
import { chmodSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build, type Metafile, type Plugin } from 'esbuild';
import manifest from '../package.json' with { type: 'json' };

const root = fileURLToPath(new URL('../', import.meta.url));

const INDEX = 'src/index.ts';

const sourceOf = (built: string): string => built.replace(/^(?:\.\/)?dist\//, 'src/').replace(/\.js$/, '.ts');

const entryPoints = [
  ...Object.values(manifest.exports).flatMap((entry) =>
    typeof entry === 'string' ? [] : [{ out: entry.node, in: sourceOf(entry.default) }],
  ),
  ...Object.values(manifest.bin).map((out) => ({ out, in: 'src/cli/bin.ts' })),
].map(({ out, in: source }) => ({ in: source, out: out.replace(/^(?:\.\/)?dist\/bundle\/|\.js$/g, '') }));

const options = {
  absWorkingDir: root,
  entryPoints,
  outdir: 'dist/bundle',
  // All in one folder, at the depth that `import.meta.url` of the sources counts on.
  chunkNames: 'part-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'es2023',
  packages: 'external',
  sourcemap: true,
  sourcesContent: false,
  // Keeps the imports that `joining` adds, though no name of them is used.
  ignoreAnnotations: true,
  metafile: true,
} as const;

/** The files that a file imports statically, directly or by way of others, and the file itself. */
const importedBy = (inputs: Metafile['inputs'], file: string): ReadonlySet<string> => {
  const found = new Set([file]);
  for (const path of found)
    for (const { path: imported, kind } of inputs[path]?.imports ?? [])
      if (kind === 'import-statement' && inputs[imported] !== undefined) found.add(imported);
  return found;
};

/** The libraries of charts are a bundle already, which browsers read as well. */
const charting: Plugin = {
  name: 'charting',
  setup: ({ onResolve }) =>
    onResolve({ filter: /\/charting\.ts$/ }, () => ({ path: '../report/charting.js', external: true })),
};

/**
 * esbuild makes a file of the modules that the same entries import. An entry that imports parts of the public core would
 * divide it, so each such entry imports all of it: it then is three files rather than sixty.
 */
const joining = ({ inputs }: Metafile): Plugin => {
  const core = importedBy(inputs, INDEX);
  const imported = Object.values(inputs).flatMap(({ imports }) =>
    imports.flatMap(({ kind, path }) => (kind === 'dynamic-import' ? [path] : [])),
  );
  const usesCore = (path: string): boolean => importedBy(inputs, path).has('src/ensemble.ts');
  const isPublic = (path: string): boolean => !/^src\/(?:cli|core|values|report)\//.test(path);
  const joined = new Set(
    [...entryPoints.map(({ in: path }) => path), ...imported].filter(
      (path) => inputs[path] !== undefined && !core.has(path) && (isPublic(path) || usesCore(path)),
    ),
  );
  return {
    name: 'joining',
    setup: ({ onLoad }) =>
      onLoad({ filter: /\.ts$/ }, ({ path }) =>
        joined.has(path.slice(root.length))
          ? { contents: `${readFileSync(path, 'utf8')}\nimport '${root}${INDEX}';\n`, loader: 'ts' }
          : undefined,
      ),
  };
};

rmSync(`${root}dist/bundle`, { recursive: true, force: true });
const { metafile } = await build({ ...options, write: false, plugins: [charting] });
await build({ ...options, plugins: [charting, joining(metafile)] });
for (const path of Object.values(manifest.bin)) chmodSync(`${root}${path}`, 0o755);
