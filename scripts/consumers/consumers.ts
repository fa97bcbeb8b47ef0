/** The projects in which `npm run check:consumers` tries the package. */
import manifest from '../../package.json' with { type: 'json' };

/** A fresh project of a tool. */
export interface Consumer {
  /** The name of the tool, with its version. */
  readonly name: string;
  /** Versions by package. */
  readonly packages?: Readonly<Record<string, string>>;
  /** The packages that may run scripts when they are installed. */
  readonly scripted?: readonly string[];
  readonly files: Readonly<Record<string, string>>;
  /** Commands with their arguments, in order. */
  readonly commands: readonly (readonly string[])[];
  /** The built files that show the answers, if no command prints them. */
  readonly shows?: string;
  /** Whether the commands write a bundle of each program into `out/`, in a folder with the program's name. */
  readonly isBundled?: boolean;
}

/** The programs of a project, each with the ensemble and the models that it uses. The tables call them so. */
export const PROGRAMS = {
  core: '`core`',
  defined: '`core` and `defineModel`',
  values: '`values`',
  named: 'all',
} as const;

type Program = keyof typeof PROGRAMS;
const names = Object.keys(PROGRAMS) as Program[];

/** What a program shows after its prediction. */
export const shown = (program: string): string => `${program}: 391`;

const TEXTS = `['391', 'The answer is 391.', '17']`;
const OWN = `${TEXTS}.map((text, index) => ({ id: 'model-' + index, call: () => of({ text }) }))`;
const DEFINED = `${TEXTS}.map((text, index) => defineModel('model-' + index, () => text))`;
const READ = '(text) => text.match(/\\d+/)?.[0] ?? text';

/** What a program imports, in this order, and its options: a panel of plain objects, or of `defineModel`. */
const imports: Readonly<Record<Program, readonly (readonly [names: string, from: string])[]>> = {
  core: [
    ['of', 'rxjs'],
    ['createEnsemble', 'crucible-ensemble/core'],
  ],
  defined: [
    ['defineModel', 'crucible-ensemble'],
    ['createEnsemble', 'crucible-ensemble/core'],
  ],
  values: [
    ['of', 'rxjs'],
    ['createEnsemble', 'crucible-ensemble/values'],
  ],
  named: [
    ['of', 'rxjs'],
    ['createEnsemble', 'crucible-ensemble'],
  ],
};

const askOf = (program: Program): string => `const ask = async () => {
  const models = ${program === 'defined' ? DEFINED : OWN};
  const ensemble = createEnsemble({ models, normalization: ${program === 'named' ? `'numeric'` : READ} });
  const { answer } = await ensemble.predict('What is 17 * 23?');
  return \`${program}: \${answer}\`;
};
`;

/** A module that makes a prediction. */
const moduleOf = (program: Program): string =>
  [
    ...imports[program].map(([name, from]) => `import { ${name} } from '${from}';\n`),
    `\nexport ${askOf(program)}`,
  ].join('');

/** The same as a program that prints its answer. */
const programOf = (program: Program): string => `${moduleOf(program)}console.log(await ask());\n`;

const commonJsOf = (program: Program): string =>
  [
    ...imports[program].map(([name, from]) => `const { ${name} } = require('${from}');\n`),
    `\n${askOf(program)}ask().then(console.log);\n`,
  ].join('');

/** A file of each program. */
const filesOf = (write: (program: Program) => string, extension: string): Record<string, string> =>
  Object.fromEntries(names.map((name) => [`${name}.${extension}`, write(name)]));

const modules = filesOf(moduleOf, 'js');
const programs = filesOf(programOf, 'js');

const evaluate = (code: string): readonly string[] => ['node', '--input-type=module', '--eval', code];

/** Runs the bundles of all programs. */
const runBundles = (file: string): readonly string[] =>
  evaluate(
    `import { globSync } from 'node:fs'; for (const path of globSync('out/*/${file}')) await import('./' + path);`,
  );

/** The entries that need an optional peer. The types of all others are checked with those of their dependencies. */
const WITH_PEERS = new Set([
  'ai-sdk',
  'ai-sdk-experimental',
  'angular',
  'anthropic',
  'gemini',
  'google-genai',
  'langchain',
  'mcp',
  'nest',
  'openai',
  'opentelemetry',
]);

const entries = Object.entries(manifest.exports).flatMap(([path, target]) =>
  typeof target === 'object' ? [path.slice('./'.length)] : [],
);
const TYPED = entries.filter((entry) => !WITH_PEERS.has(entry));

const typescript = (version: string): Consumer[] =>
  (['bundler', 'node16', 'nodenext'] as const).map((resolution) => ({
    name: `TypeScript ${version}, ${resolution}`,
    packages: { typescript: version, '@types/node': manifest.devDependencies['@types/node'] },
    files: {
      ...filesOf(programOf, 'ts'),
      'types.ts': TYPED.map(
        (entry, index) =>
          `export type * as entry${index} from '${['crucible-ensemble', entry].filter(Boolean).join('/')}';\n`,
      ).join(''),
      'tsconfig.json': JSON.stringify({
        compilerOptions: {
          target: 'es2023',
          lib: [
            'es2023',
            'dom',
            'dom.iterable',
            'dom.asynciterable',
            'esnext.array',
            'esnext.collection',
            'esnext.disposable',
          ],
          module: resolution === 'bundler' ? 'esnext' : resolution,
          moduleResolution: resolution,
          strict: true,
          skipLibCheck: false,
          types: ['node'],
          outDir: 'out',
        },
        files: [...names.map((name) => `${name}.ts`), 'types.ts'],
      }),
    },
    commands: [['tsc', '-p', '.'], ...names.map((name) => ['node', `out/${name}.js`])],
  }));

const RESOLVED = `import { createRequire } from 'node:module';
const { resolve } = createRequire(import.meta.url);
for (const entry of ['crucible-ensemble', 'crucible-ensemble/values', 'crucible-ensemble/core'])
  for (const path of [import.meta.resolve(entry), resolve(entry)])
    if (!path.includes('/node_modules/crucible-ensemble/dist/bundle/')) throw new Error(entry + ' is ' + path + ', not the few files for Node');
`;

const node = (version: string): Consumer[] =>
  [
    { kind: 'ES modules', extension: 'js', write: programOf },
    { kind: 'CommonJS', extension: 'cjs', write: commonJsOf },
  ].map(({ kind, extension, write }) => ({
    name: `Node ${version}, ${kind}`,
    packages: { node: version },
    scripted: ['node'],
    files: { ...filesOf(write, extension), 'resolved.js': RESOLVED },
    commands: [['node', 'resolved.js'], ...names.map((name) => ['node', `${name}.${extension}`])],
  }));

const VITE = '8.4.0';
const vite: Consumer = {
  name: `Vite ${VITE}`,
  packages: { vite: VITE },
  files: {
    ...programs,
    'vite.config.js': `export default ({ mode }) => ({
  build: { outDir: 'out/' + mode, target: 'esnext', modulePreload: false, rollupOptions: { input: mode + '.js' } },
});\n`,
  },
  commands: [...names.map((name) => ['vite', 'build', '--mode', name]), runBundles('assets/*.js')],
  isBundled: true,
};

const WEBPACK = '5.113.0';
const webpack: Consumer = {
  name: `webpack ${WEBPACK}`,
  packages: { webpack: WEBPACK, 'webpack-cli': '7.3.1' },
  files: {
    ...programs,
    'webpack.config.js': `export default ${JSON.stringify(names)}.map((name) => ({
  name,
  mode: 'production',
  entry: './' + name + '.js',
  output: { path: import.meta.dirname + '/out/' + name, filename: 'main.js' },
}));\n`,
  },
  commands: [['webpack'], runBundles('main.js')],
  isBundled: true,
};

const ESBUILD = manifest.devDependencies.esbuild.replace('^', '');
const esbuild = (name: string, ...options: readonly string[]): Consumer => ({
  name,
  packages: { esbuild: ESBUILD },
  scripted: ['esbuild'],
  files: programs,
  commands: [
    ...names.map((program) => [
      'esbuild',
      `${program}.js`,
      '--bundle',
      '--minify',
      '--format=esm',
      `--outfile=out/${program}/main.js`,
      ...options,
    ]),
    runBundles('main.js'),
  ],
  isBundled: true,
});

const NEXT = '16.4.6';
const next: Consumer = {
  name: `Next ${NEXT}`,
  packages: { next: NEXT, react: '19.3.1', 'react-dom': '19.3.1' },
  files: {
    ...Object.fromEntries(Object.entries(modules).map(([path, text]) => [`app/${path}`, text])),
    'app/ask.js': `${names.map((name) => `import { ask as ${name} } from './${name}.js';\n`).join('')}
export const ask = async () => (await Promise.all([${names.map((name) => `${name}()`).join(', ')}])).join(', ');\n`,
    'app/layout.js': `export default ({ children }) => <html lang="en"><body>{children}</body></html>;\n`,
    'app/in-browser.js': `'use client';
import { useState } from 'react';
import { ask } from './ask.js';

export const InBrowser = () => {
  const [answers, setAnswers] = useState('Ask');
  return <button onClick={async () => setAnswers(await ask())}>{answers}</button>;
};\n`,
    'app/page.js': `import { ask } from './ask.js';
import { InBrowser } from './in-browser.js';

export default async () => <main><p>{await ask()}</p><InBrowser /></main>;\n`,
  },
  commands: [['next', 'build']],
  shows: '.next/server/app/index.html',
};

const TEST = `test.each(${JSON.stringify(names)})('%s', async (name) => {
  const { ask } = await import('./' + name + '.js');
  const answered = await ask();
  process.stdout.write(answered + '\\n');
  expect(answered).toBe(name + ': 391');
});
`;

const JEST = '30.5.2';
const jest: Consumer = {
  name: `Jest ${JEST}`,
  packages: { jest: JEST },
  files: { ...modules, 'jest.config.js': 'export default { transform: {} };\n', 'ask.test.js': TEST },
  commands: [['node', '--experimental-vm-modules', 'node_modules/jest/bin/jest.js']],
};

const VITEST = manifest.devDependencies.vitest.replace('^', '');
const vitest: Consumer = {
  name: `Vitest ${VITEST}`,
  packages: { vitest: VITEST },
  files: { ...modules, 'ask.test.js': `import { expect, test } from 'vitest';\n${TEST}` },
  commands: [['vitest', 'run']],
};

const runtime = (name: string, version: string, command: readonly string[]): Consumer => ({
  name: `${name} ${version}`,
  packages: { [name.toLowerCase()]: version },
  scripted: [name.toLowerCase()],
  files: { ...programs, 'resolved.js': RESOLVED },
  commands: ['resolved', ...names].map((program) => [...command, `${program}.js`]),
});

export const consumers: readonly Consumer[] = [
  ...['7.0.2', '6.0.3', '5.9.3'].flatMap(typescript),
  ...['22.19.0', '24.21.0'].flatMap(node),
  vite,
  webpack,
  esbuild(`esbuild ${ESBUILD}`),
  esbuild(`esbuild ${ESBUILD}, without RxJS`, '--external:rxjs'),
  next,
  jest,
  vitest,
  runtime('Bun', '1.4.5', ['bun', 'run']),
  runtime('Deno', '2.9.6', ['deno', 'run', '--allow-all']),
];
