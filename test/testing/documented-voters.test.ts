import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { voterContract } from 'crucible-ensemble/testing';
import { describe, expect, it, vi } from 'vitest';
import { findSnippets, toModule } from '../../scripts/snippets.ts';
import type { Voter } from '../../src/index.ts';

/** The definition of a voter, in an example of the documentation. */
const DEFINITION = /^const (\w+)(?:: Voter<.*> = \{$| = wrapVoter\()/gm;

/** The examples in which the voter is broken on purpose. */
const BROKEN = ['forgetful'];

const root = fileURLToPath(new URL('../..', import.meta.url));

const examples = findSnippets(root).flatMap((snippet) =>
  Array.from(snippet.code.matchAll(DEFINITION), ([, name = '']) => ({ ...snippet, name })).filter(
    ({ name }) => !BROKEN.includes(name),
  ),
);

/** Runs the example and returns the voter that it defines. */
const voterOf = async ({ name, ...snippet }: (typeof examples)[number]): Promise<Voter> => {
  const folder = `${root}/temp/documented-voters`;
  mkdirSync(folder, { recursive: true });
  const path = `${folder}/${name}.ts`;
  writeFileSync(path, `${toModule(snippet)}\nexport { ${name} };\n`);
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
  const exported = await import(/* @vite-ignore */ path);
  vi.restoreAllMocks();
  return exported[name];
};

describe('the voters in the documentation', () => {
  it('are found', () => {
    expect(examples.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['longest', 'veto', 'twoThirds']),
    );
  });

  it.each(examples)('satisfy the contract: $name of $source', async (example) => {
    const { name } = example;
    const voter = await voterOf(example);
    const panel = Array.from({ length: 7 }, (_, index) => `model-${index}`);
    for (const answers of [
      ['4', '5', '6'],
      ['yes', 'no', 'certainly', 'perhaps'],
      ['safe', 'unsafe'],
    ]) {
      for (const { run } of voterContract({ name, createVoter: () => voter, panel, answers })) await run();
    }
  });
});
