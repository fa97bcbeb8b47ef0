import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { LLMock } from '@copilotkit/aimock';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packedProject } from '../packed-project.ts';

/** A page of the documentation with programs, commands, and what these print. */
const pageOf = (name: string) => {
  const page = readFileSync(fileURLToPath(new URL(`../../docs/${name}`, import.meta.url)), 'utf8');
  const fences = (kind: string) =>
    [...page.matchAll(new RegExp(`^\`\`\`${kind}\n(.*?)^\`\`\``, 'gms'))].map((found) => found.slice(1));
  return {
    programs: fences(String.raw`ts ([\w-]+\.ts)`),
    commands: fences('sh').map(([block = '']) => block),
    printed: fences('text').map(([block = '']) => block),
  };
};

describe('the programs of a page, by its commands, from the packed package', () => {
  const { folder } = packedProject(['rxjs', 'zod']);
  const mock = new LLMock({ port: 0 });
  beforeAll(() => mock.start());
  afterAll(() => mock.stop());

  /** Writes the programs of a page and runs its commands, and returns what each block prints. */
  const run = async ({ programs, commands }: ReturnType<typeof pageOf>): Promise<string[]> => {
    for (const [name = '', code = ''] of programs) writeFileSync(join(folder, name), code);
    const printed: string[] = [];
    for (const block of commands) {
      const { stdout } = await promisify(execFile)('bash', ['-e', '-c', block], {
        cwd: folder,
        env: {
          PATH: [join(folder, 'node_modules/.bin'), dirname(process.execPath), process.env.PATH].join(':'),
          HOME: folder,
          OLLAMA_HOST: mock.url,
        },
      });
      printed.push(stdout);
    }
    return printed;
  };

  it('extract-fields.md prints what it says', async () => {
    const item = (sku: string, count: number, price: number) => ({ sku, count, price });
    const whole = {
      vendor: 'Hooke Springs',
      date: '2026-03-14',
      total: 147,
      notes: 'Deliver to the back door.',
      items: [item('SP-1', 12, 4.5), item('SP-9', 3, 31)],
    };
    const said = {
      'llama3.2': whole,
      qwen3: { ...whole, notes: null, items: [item('sp-9', 3, 31), item('sp-1', 12, 4.5)] },
      gemma3: { ...whole, total: 141 },
    };
    for (const [model, answer] of Object.entries(said))
      mock.on({ userMessage: /Read this invoice/, model }, { content: JSON.stringify(answer) });
    const page = pageOf('extract-fields.md');
    expect(page.commands).toHaveLength(1);
    expect(await run(page)).toStrictEqual(page.printed);
  });

  it('checks.md prints what it says', async () => {
    const inFence = (code: string) => `Here you are:\n\n\`\`\`js\n${code}\n\`\`\`\n`;
    const oneRule = inFence('export const isLeap = (year) => year % 4 === 0;');
    const whole = inFence(
      'export const isLeap = (year) => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;',
    );
    mock.on(
      { userMessage: /in haste/, model: 'qwen3' },
      { content: inFence('export const isLeap = () => true') },
    );
    mock.on({ userMessage: /isLeap/, model: 'llama3.2' }, { content: oneRule });
    mock.on({ userMessage: /isLeap/, model: 'qwen3' }, { content: whole });
    const page = pageOf('checks.md');
    expect(page.commands).toHaveLength(1);
    expect(await run(page)).toStrictEqual(page.printed);
  });

  it('grade-with-a-jury.md prints what it says', async () => {
    const grades = {
      'Blue, because air scatters it.': [5, 5, 3],
      'It is blue.': [2, 2, 1],
      'Because of the sea.': [1, 4],
    };
    for (const [answer, given] of Object.entries(grades))
      for (const [index, model] of ['llama3.2', 'qwen3', 'gemma3'].entries()) {
        const content = JSON.stringify({ reason: `For ${model}.`, grade: given[index] });
        mock.on(
          { userMessage: new RegExp(`<answer-A-\\w+>\\n${answer}\\n`), model },
          given[index] === undefined ? { content: 'I cannot say.' } : { content },
        );
      }
    const page = pageOf('grade-with-a-jury.md');
    expect(page.commands).toHaveLength(1);
    expect(await run(page)).toStrictEqual(page.printed);
  });
});
