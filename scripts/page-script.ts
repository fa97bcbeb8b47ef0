import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The file of the script of the live page, as text: the package needs no build at its users. */
export const pageScriptPath = `${root}src/server/page/script-text.ts`;

/** Bundles the script of the live page into a module that exports it as text. */
export const pageScript = (): string => {
  const { outputFiles } = buildSync({
    entryPoints: [`${root}src/server/page/browser/main.ts`],
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2023',
    legalComments: 'none',
    charset: 'utf8',
    write: false,
  });
  const text = (outputFiles[0]?.text ?? '').trim();
  return `/** The script of the live page, from \`browser/\`. \`npm run page\` writes it. */\nexport const scriptText = ${JSON.stringify(text)};\n`;
};
