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
  /** Commands with their arguments, in order. The last one prints the answer. */
  readonly commands: readonly (readonly string[])[];
  /** The built files that show the answer, if no command prints it. */
  readonly shows?: string;
  /** The folders with the bundles of an ensemble of values and of one with names. */
  readonly bundles?: { readonly core: string; readonly named: string };
}

/** What the prediction of each project shows. */
export const ANSWER = 'answer: 391';

const MODELS = `['391', 'The answer is 391.', '17'].map((text, index) => defineModel('model-' + index, () => text))`;

/** A module that makes a prediction. */
const ask = (imports: string, normalization: string): string => `${imports}

export const ask = async () => {
  const ensemble = createEnsemble({ models: ${MODELS}, normalization: ${normalization} });
  const { answer } = await ensemble.predict('What is 17 * 23?');
  return \`answer: \${answer}\`;
};
`;

const READ = '(text) => text.match(/\\d+/)?.[0] ?? text';

const askOfNames = ask(`import { createEnsemble, defineModel } from 'crucible-ensemble';`, `'numeric'`);
const askOfValues = ask(
  `import { defineModel } from 'crucible-ensemble';\nimport { createEnsemble } from 'crucible-ensemble/core';`,
  READ,
);
const PRINT = `console.log(await ask());\n`;

/** Both ensembles, as programs that print their answer. */
const programs = { 'named.js': askOfNames + PRINT, 'core.js': askOfValues + PRINT };
const bundles = { core: 'out/core', named: 'out/named' };

/** Runs both bundles: the second must not hide that the first fails. */
const runBundles = (file: string): readonly string[] => [
  'node',
  '--input-type=module',
  '--eval',
  `import { globSync } from 'node:fs'; for (const name of ['core', 'named']) for (const path of globSync('out/' + name + '/${file}')) await import('./' + path);`,
];

/** The entries that need no other package, whose types are checked with those of their dependencies. */
const TYPED = [
  '',
  'core',
  'deciders',
  'experiment',
  'grouping',
  'math',
  'metrics',
  'node',
  'operators',
  'policies',
  'report',
  'server',
];

const typescript = (version: string): Consumer[] =>
  (['bundler', 'node16', 'nodenext'] as const).map((resolution) => ({
    name: `TypeScript ${version}, ${resolution}`,
    packages: { typescript: version, '@types/node': manifest.devDependencies['@types/node'] },
    files: {
      'ask.ts': askOfNames + PRINT,
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
        files: ['ask.ts', 'types.ts'],
      }),
    },
    commands: [
      ['tsc', '-p', '.'],
      ['node', 'out/ask.js'],
    ],
  }));

const node = (version: string): Consumer => ({
  name: `CommonJS, Node ${version}`,
  packages: { node: version },
  scripted: ['node'],
  files: {
    'named.cjs': `const { createEnsemble, defineModel } = require('crucible-ensemble');${ask('', `'numeric'`).replace('export ', '')}ask().then(console.log);\n`,
  },
  commands: [['node', 'named.cjs']],
});

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
  commands: [
    ['vite', 'build', '--mode', 'core'],
    ['vite', 'build', '--mode', 'named'],
    runBundles('assets/*.js'),
  ],
  bundles,
};

const WEBPACK = '5.113.0';
const webpack: Consumer = {
  name: `webpack ${WEBPACK}`,
  packages: { webpack: WEBPACK, 'webpack-cli': '7.3.1' },
  files: {
    ...programs,
    'webpack.config.js': `export default ['core', 'named'].map((name) => ({
  name,
  mode: 'production',
  entry: './' + name + '.js',
  output: { path: import.meta.dirname + '/out/' + name, filename: 'main.js' },
}));\n`,
  },
  commands: [['webpack'], runBundles('main.js')],
  bundles,
};

const esbuild: Consumer = {
  name: `esbuild ${manifest.devDependencies.esbuild.replace('^', '')}`,
  packages: { esbuild: manifest.devDependencies.esbuild.replace('^', '') },
  scripted: ['esbuild'],
  files: programs,
  commands: [
    ...['core', 'named'].map((name) => [
      'esbuild',
      `${name}.js`,
      '--bundle',
      '--minify',
      '--format=esm',
      `--outfile=out/${name}/main.js`,
    ]),
    runBundles('main.js'),
  ],
  bundles,
};

const NEXT = '16.4.6';
const next: Consumer = {
  name: `Next ${NEXT}`,
  packages: { next: NEXT, react: '19.3.1', 'react-dom': '19.3.1' },
  files: {
    'app/ask.js': askOfNames,
    'app/layout.js': `export default ({ children }) => <html lang="en"><body>{children}</body></html>;\n`,
    'app/in-browser.js': `'use client';
import { useState } from 'react';
import { ask } from './ask.js';

export const InBrowser = () => {
  const [answer, setAnswer] = useState('Ask');
  return <button onClick={async () => setAnswer(await ask())}>{answer}</button>;
};\n`,
    'app/page.js': `import { ask } from './ask.js';
import { InBrowser } from './in-browser.js';

export default async () => <main><p>{await ask()}</p><InBrowser /></main>;\n`,
  },
  commands: [['next', 'build']],
  shows: '.next/server/app/index.html',
};

const JEST = '30.5.2';
const jest: Consumer = {
  name: `Jest ${JEST}`,
  packages: { jest: JEST },
  files: {
    'ask.js': askOfNames,
    'jest.config.js': 'export default { transform: {} };\n',
    'ask.test.js': `import { ask } from './ask.js';
test('asks', async () => {
  const shown = await ask();
  process.stdout.write(shown);
  expect(shown).toBe('${ANSWER}');
});\n`,
  },
  commands: [['node', '--experimental-vm-modules', 'node_modules/jest/bin/jest.js']],
};

const VITEST = manifest.devDependencies.vitest.replace('^', '');
const vitest: Consumer = {
  name: `Vitest ${VITEST}`,
  packages: { vitest: VITEST },
  files: {
    'ask.js': askOfNames,
    'ask.test.js': `import { expect, test } from 'vitest';
import { ask } from './ask.js';
test('asks', async () => {
  const shown = await ask();
  process.stdout.write(shown);
  expect(shown).toBe('${ANSWER}');
});\n`,
  },
  commands: [['vitest', 'run']],
};

const runtime = (name: string, version: string, command: readonly string[]): Consumer => ({
  name: `${name} ${version}`,
  packages: { [name.toLowerCase()]: version },
  scripted: [name.toLowerCase()],
  files: programs,
  commands: [
    [...command, 'core.js'],
    [...command, 'named.js'],
  ],
});

export const consumers: readonly Consumer[] = [
  ...['7.0.2', '6.0.3', '5.9.3'].flatMap(typescript),
  ...['22.19.0', '24.21.0'].map(node),
  vite,
  webpack,
  esbuild,
  next,
  jest,
  vitest,
  runtime('Bun', '1.4.5', ['bun', 'run']),
  runtime('Deno', '2.9.6', ['deno', 'run', '--allow-all']),
];
