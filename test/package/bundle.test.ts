import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { buildSync } from 'esbuild';
import { describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };

const root = fileURLToPath(new URL('../..', import.meta.url));

interface BundleOptions {
  readonly minify?: boolean;
  readonly external?: string[];
}

const bundle = (contents: string, { minify = false, external = [] }: BundleOptions = {}) => {
  const { metafile, outputFiles } = buildSync({
    stdin: { contents, resolveDir: root, sourcefile: 'entry.ts' },
    absWorkingDir: root,
    bundle: true,
    format: 'esm',
    platform: 'browser',
    metafile: true,
    minify,
    external,
    write: false,
  });
  const [output] = Object.values(metafile.outputs);
  return {
    /** Every file that the bundler had to read, whether or not any of it is kept. */
    read: Object.keys(metafile.inputs),
    /** The files of which something is left after tree-shaking. */
    kept: Object.entries(output?.inputs ?? {}).flatMap(([path, { bytesInOutput }]) =>
      bytesInOutput > 0 ? [path] : [],
    ),
    /** What stays an import in the bundle. */
    external: output?.imports.map(({ path }) => path) ?? [],
    text: outputFiles[0]?.text ?? '',
  };
};

const ownerOf = (path: string): string =>
  /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? (/^src\/node\//.test(path) ? 'src/node' : 'src');

const owners = (paths: readonly string[]): Set<string> =>
  new Set(paths.filter((path) => path !== 'entry.ts').map(ownerOf));

describe('the core, bundled for a browser', () => {
  const whole = bundle(`export * from './src/index.ts';`);
  const slim = bundle(`export { createEnsemble } from './src/index.ts';`);

  it('reads its own source, rxjs and fastest-levenshtein, and nothing else', () => {
    expect([...owners(whole.read)].toSorted()).toEqual(['fastest-levenshtein', 'rxjs', 'src', 'tslib']);
  });

  it('imports nothing at run time', () => {
    expect(whole.external).toEqual([]);
    expect(whole.text).not.toMatch(/["']node:/);
  });

  it('keeps only rxjs, and what suggests the names of options, when only createEnsemble is used', () => {
    expect([...owners(slim.kept)].toSorted()).toEqual(['fastest-levenshtein', 'rxjs', 'src', 'tslib']);
  });

  it('sheds what only the namespaces of normalizers and stop rules name when only createEnsemble is used', () => {
    expect(slim.kept).not.toContain('src/normalizers/choice.ts');
    expect(slim.kept).not.toContain('src/strategies/stopping/all-of.ts');
  });

  it('sheds the voters that are not the default when only one strategy is imported', () => {
    const one = bundle(`export { unanimous } from './src/index.ts';`);
    expect(one.kept).toContain('src/strategies/voting/unanimous.ts');
    expect(one.kept).not.toContain('src/strategies/voting/best-confidence.ts');
    expect(one.text.length).toBeLessThan(slim.text.length / 2);
  });

  it('has nothing of the reader of mathematics, which is an entry of its own and adds at most 16.8 kB', () => {
    expect(whole.read.filter((path) => path.startsWith('src/math/'))).toEqual([]);
    const [core = 0, both = 0] = [
      "'./src/index.ts'",
      "'./src/index.ts'; export * from './src/math/math.ts'",
    ].map(
      (sources) => gzipSync(bundle(`export * from ${sources};`, { minify: true }).text, { level: 9 }).length,
    );
    expect(both - core).toBeGreaterThan(0);
    expect(both - core).toBeLessThan(16_800);
  });
});

it('installs at most 38 packages, and the two of RxJS', () => {
  const { packages } = JSON.parse(readFileSync(`${root}package-lock.json`, 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly dev?: boolean }>>;
  };
  const installed = Object.entries(packages).filter(([path, { dev }]) => path !== '' && dev !== true);
  expect(installed.length).toBeGreaterThan(Object.keys(manifest.dependencies).length);
  expect(installed.length).toBeLessThanOrEqual(38);
});

/** What a bundle weighs, compressed, in bytes, without RxJS, which an app may have anyway. */
const weight = (contents: string): number =>
  gzipSync(bundle(contents, { minify: true, external: ['rxjs'] }).text, { level: 9 }).length;

describe('an ensemble of the core, bundled for a browser', () => {
  const core = `export { createEnsemble } from './src/core/core.ts';`;

  it('has nothing of the engine but what reads responses and tells of members, and no list of words', () => {
    const { kept, external } = bundle(core);
    expect(
      kept.filter((path) =>
        /engine\/(?!judge|reader|served-by|members|stop-rule|account|total-usage)/.test(path),
      ),
    ).toEqual([]);
    expect(kept.filter((path) => /policies\/|quoted|normalizers\/(?!reading\/)/.test(path))).toEqual([]);
    expect([...owners(kept)].toSorted()).toEqual(['rxjs', 'src', 'tslib']);
    expect(external).toEqual([]);
  });

  it('weighs at most 12.0 kB, and 12.5 kB with defineModel and a stop rule', () => {
    expect(weight(core)).toBeLessThan(12_000);
    expect(weight(`${core} export { decided, defineModel } from './src/index.ts';`)).toBeLessThan(12_500);
  });
});

describe('an ensemble of values, bundled for a browser', () => {
  const values = `export { createEnsemble } from './src/values/values.ts';`;
  const named = `export { createEnsemble } from './src/index.ts';`;
  const inRooms = (contents: string, rooms: RegExp): string[] =>
    bundle(contents).kept.filter((path) => rooms.test(path));

  it('has no normalizer, no policy, no execution but the default, and no table of names', () => {
    const optional =
      /normalizers\/(?!answer-schema|reading\/)|policies\/(?!policy-chain)|execution\/(?!parallel)|named-|option-checks/;
    expect(inRooms(values, optional)).toEqual([]);
    expect(inRooms(named, optional).length).toBeGreaterThan(50);
  });

  it('has of the normalizers and policies those that are passed', () => {
    const some = `${values} export { numeric } from './src/index.ts'; export { retry } from './src/policies/policies.ts';`;
    expect(inRooms(some, /normalizers\/numeric|policies\/retry/)).not.toEqual([]);
    expect(inRooms(some, /normalizers\/(json|boolean)\.ts|policies\/(cache|budget|rate-limit)\.ts/)).toEqual(
      [],
    );
  });

  it('has the code of conversations, deciders and groupings only if it is passed', () => {
    const rooms = /engine\/(?:to-request|request\/to-|closing|role-call)|voting\/grouped-voter/;
    expect(inRooms(values, rooms)).toEqual([]);
    const passed = (name: string): string[] =>
      inRooms(`${values} export { ${name} } from './src/values/values.ts';`, rooms);
    expect(passed('conversations')).toContain('src/engine/to-request.ts');
    expect(passed('deciding')).toContain('src/engine/closing.ts');
    expect(passed('grouped')).toContain('src/strategies/voting/grouped-voter.ts');
    expect(inRooms(named, rooms).length).toBeGreaterThan(5);
  });

  it('weighs at most 34.2 kB, and 119.5 kB with every name', () => {
    expect(weight(values)).toBeLessThan(34_200);
    expect(weight(named)).toBeLessThan(119_500);
  });
});

describe('the client of a server, bundled for a browser', () => {
  const client = `export { createEnsembleClient } from './src/client/client.ts';`;

  it('has nothing of an ensemble but its words, and weighs at most 6.5 kB without rxjs', () => {
    const { kept, external, text } = bundle(client);
    expect(kept.filter((path) => !/^(?:node_modules|src\/(?:client|domain)\/|entry)/.test(path))).toEqual([]);
    expect([...owners(kept)].toSorted()).toEqual(['eventsource-parser', 'rxjs', 'src', 'tslib']);
    expect(external).toEqual([]);
    expect(text).not.toContain('aim all alpha');
    expect(weight(client)).toBeLessThan(6500);
  });
});
