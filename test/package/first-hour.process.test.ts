import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { LLMock } from '@copilotkit/aimock';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packedProject } from '../packed-project.ts';

const page = readFileSync(fileURLToPath(new URL('../../docs/getting-started.md', import.meta.url)), 'utf8');

/** The programs of the page: the fences that name a file. */
const programs = [...page.matchAll(/^```ts ([\w-]+\.ts)\n(.*?)^```/gms)];

/** The commands of the page, in order. */
const commands = [...page.matchAll(/^```sh\n(.*?)^```/gms)].map(([, block = '']) => block);

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

describe('the first hour, by the commands of docs/getting-started.md', () => {
  const { folder } = packedProject(['rxjs', 'zod']);
  const mock = new LLMock({ port: 0 });
  let port: number;

  beforeAll(async () => {
    for (const [, name = '', code = ''] of programs) writeFileSync(join(folder, name), code);
    mock.on({ userMessage: /a refund, a delivery/ }, { content: 'This is about a **delivery**.' });
    mock.on({ userMessage: /Extract the number/ }, { content: '{"parcel": 4711, "isUrgent": false}' });
    mock.on({ userMessage: /6 \* 7/ }, { content: 'The answer is 42.' });
    mock.on({ userMessage: /./ }, { content: 'The answer is 391.' });
    await mock.start();
    port = await freePort();
  });
  afterAll(() => mock.stop());

  /** Runs a block of commands, all but those that install packages, and returns what they print. */
  const run = async (block: string): Promise<string> => {
    const lines = block.split('\n').filter((line) => !line.startsWith('npm '));
    const { stdout } = await promisify(execFile)('bash', ['-e', '-c', lines.join('\n')], {
      cwd: folder,
      env: {
        PATH: [join(folder, 'node_modules/.bin'), dirname(process.execPath), process.env.PATH].join(':'),
        HOME: folder,
        OLLAMA_HOST: mock.url,
        PORT: String(port),
      },
    });
    return stdout;
  };

  const blockWith = (text: string): string => {
    const found = commands.filter((block) => block.includes(text));
    expect(found).toHaveLength(1);
    return found[0] ?? '';
  };

  it('installs only packages that the project has', () => {
    const installed = [...page.matchAll(/^npm install (.*)$/gm)].flatMap(([, names = '']) =>
      names.split(' '),
    );
    expect(installed).toContain('rxjs');
    expect(installed.filter((name) => !existsSync(join(folder, 'node_modules', name)))).toEqual([]);
  });

  it('gives a first answer', async () => {
    expect(await run(blockWith('node first.ts'))).toBe("391 1 { '391': 3 }\n");
  });

  it('classifies a message, and reads its fields', async () => {
    expect(await run(blockWith('node classify.ts'))).toBe('delivery\n{ parcel: 4711, isUrgent: false }\n');
  });

  it('streams from an endpoint', async () => {
    const events = await run(blockWith('node server.ts'));
    expect(events.match(/^event: response$/gm)?.length).toBeGreaterThanOrEqual(2);
    expect(events).toContain('event: answer\ndata: {"answer":42}\n');
  });

  it('runs an experiment, and writes its report', async () => {
    expect(await run(blockWith('crucible-ensemble init'))).toContain('%');
    expect(readFileSync(join(folder, 'report.html'), 'utf8')).toContain('<html');
  });

  it('chooses a panel for an aim, and asks it', async () => {
    const printed = await run(blockWith('crucible-ensemble tune'));
    expect(printed).toMatch(/^chosen panel +\d/m);
    expect(printed).toMatch(/^aim +accuracy of at least 85.0 %: .*, met$/m);
    expect(printed).toMatch(/\n391\n$/);
  });
});
