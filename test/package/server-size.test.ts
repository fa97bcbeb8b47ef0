import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };

const root = fileURLToPath(new URL('../..', import.meta.url));

const filesOf = (
  entry: string,
): { readonly files: readonly string[]; readonly outside: readonly string[] } => {
  const { metafile } = buildSync({
    entryPoints: [entry],
    absWorkingDir: root,
    bundle: true,
    format: 'esm',
    platform: 'browser',
    metafile: true,
    write: false,
    outdir: 'temp',
  });
  const outputs = Object.values(metafile.outputs);
  return {
    files: Object.keys(metafile.inputs),
    outside: outputs.flatMap(({ imports }) => imports.map(({ path }) => path)),
  };
};

it('the handler imports nothing of Node, and no package that listens', () => {
  const { files, outside } = filesOf('src/server/server.ts');
  expect(outside).toEqual([]);
  expect(files.filter((path) => /srvx|^src\/(?:node|cli|testing)\//.test(path))).toEqual([]);
});

it.each([
  'src/index.ts',
  'src/values/values.ts',
  'src/policies/policies.ts',
  'src/providers/openai-compatible.ts',
])('%s has nothing of the server', (entry) => {
  expect(filesOf(entry).files.filter((path) => path.startsWith('src/server/'))).toEqual([]);
});

it('installs nothing for the server: what listens is an optional peer', () => {
  expect(Object.keys(manifest.dependencies)).not.toContain('srvx');
  expect(manifest.peerDependenciesMeta.srvx).toEqual({ optional: true });
});
