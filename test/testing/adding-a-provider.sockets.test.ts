import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { modelContract } from 'crucible-ensemble/testing';
import { describe, expect, it } from 'vitest';
import type { Model } from '../../src/index.ts';

/** The provider as the documentation shows it, and not a copy. */
const page = readFileSync(new URL('../../docs/adding-a-provider.md', import.meta.url), 'utf8');
const code = /^```ts\n(.*?)^```$/ms.exec(page)?.[1] ?? '';

const folder = fileURLToPath(new URL('../../temp/adding-a-provider', import.meta.url));
mkdirSync(folder, { recursive: true });
writeFileSync(`${folder}/acme.ts`, code);

const { acme } = (await import(/* @vite-ignore */ `${folder}/acme.ts`)) as {
  acme: (modelId: string, options: { baseURL: string; apiKey: string }) => Model;
};

describe('the provider in the documentation', () => {
  it('takes fewer than 65 lines besides its imports', () => {
    const ownCode = code.replaceAll(/^import .*?;$/gms, '');
    expect(ownCode.split('\n').filter((line) => line.trim() !== '').length).toBeLessThan(65);
  });

  for (const { name, run } of modelContract({
    name: 'acme',
    dialect: 'anthropic',
    createModel: (endpoint) => acme('acme-1', endpoint),
    limitations: ['no-streaming', 'no-answer-schema', 'no-files', 'no-tools', 'no-settings', 'no-reasoning'],
  })) {
    it(name, run);
  }
});
