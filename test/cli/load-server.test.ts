import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runCommand } from './run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'server-file-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
const fileOf = (content: unknown, ending = 'json'): string => {
  files += 1;
  const path = join(folder, `${files}.${ending}`);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
};
const check = (path: string, env: Readonly<Record<string, string>> = {}, ...more: readonly string[]) =>
  runCommand(['serve', '--config', path, '--check', ...more], { env });

const panel = { models: [{ simulated: { id: 'a' } }, { simulated: { id: 'b' } }], normalization: 'numeric' };

test('checks a configuration, and counts what it has', async () => {
  const keys = [{ name: 'ann', keyEnv: 'ANN' }];
  const path = fileOf({ ensembles: { panel, other: panel }, choices: ['panel'], keys, port: 8080 });
  const { code, stdout, stderr } = await check(path, { ANN: 'secret-of-ann' });
  expect(stdout).toContain('2 ensembles, 1 key, no faults');
  expect(stderr).toBe('');
  expect(code).toBe(0);
});

test('lists every fault at once, each with its place, and exits with 2', async () => {
  const { code, stderr } = await check(
    fileOf({
      ensembels: {},
      ensembles: { panel: { ...panel, earlyStop: 7, modles: [] }, list: [] },
      keys: [{ name: 'ann', keyEnv: 'ANN' }, 'sk-live-1234567890abcdef'],
      host: 1,
      port: 70_000,
      spendFile: true,
      metrics: 'all',
      traces: 1,
      choices: ['panels'],
    }),
  );
  expect(code).toBe(2);
  for (const place of [
    'ensembels',
    'ensembles.panel.modles',
    'ensembles.list',
    'keys[0].keyEnv',
    'keys[1]',
    'host',
    'port',
    'spendFile',
    'metrics',
    'traces',
    'choices',
  ])
    expect(stderr).toContain(`${place}: `);
  expect(stderr).toContain('did you mean "ensembles"?');
  expect(stderr).not.toContain('sk-live');
});

test('proposes the name of an ensemble that "choices" misspells', async () => {
  const { stderr } = await check(fileOf({ ensembles: { panel }, choices: ['pannel'] }));
  expect(stderr).toContain('did you mean panel?');
});

test.each([
  ['a key in place of the name of its variable', { name: 'ann', keyEnv: 'sk-live-1234567890abcdef' }],
  ['a key in place of its digest', { name: 'ann', sha256: 'sk-live-1234567890abcdef' }],
  ['a key in a field of its own', { name: 'ann', key: 'sk-live-1234567890abcdef' }],
])('quotes no key: %s', async (_, key) => {
  const { code, stderr } = await check(fileOf({ ensembles: { panel }, keys: [key] }));
  expect(code).toBe(2);
  expect(stderr).toContain('keys[0]');
  expect(stderr).not.toContain('sk-live');
});

test('refuses what would have no effect, or be open to a network', async () => {
  const faultsOf = async (more: object, ...flags: readonly string[]): Promise<string> => {
    const { code, stderr } = await check(fileOf({ ensembles: { panel }, ...more }), {}, ...flags);
    expect(code).toBe(2);
    return stderr;
  };
  expect(await faultsOf({ host: '0.0.0.0' })).toContain('"keys" are missing');
  expect(await faultsOf({}, '--host', '192.168.1.4')).toContain('"keys" are missing');
  expect(await faultsOf({ spendFile: 'spend.jsonl' })).toContain('"spendFile" has no effect without "keys"');
  expect(await faultsOf({ metrics: 'public' })).toContain('"metrics": "public" has no effect');
  const both = { name: 'ann', keyEnv: 'ANN', sha256: createHash('sha256').update('a').digest('hex') };
  expect((await check(fileOf({ ensembles: { panel }, keys: [both] }), { ANN: 'a' })).stderr).toContain(
    'exclude each other',
  );
});

test('remarks on an ensemble for chats in which only equal texts are one vote', async () => {
  const { models } = panel;
  const { code, stderr } = await check(fileOf({ ensembles: { chat: { models }, panel } }));
  expect(code).toBe(0);
  expect(stderr).toContain('ensembles.chat: without "grouping"');
  expect(stderr).not.toContain('ensembles.panel');
});

test('reads YAML', async () => {
  const path = fileOf(
    'ensembles:\n  panel:\n    normalization: numeric\n    models:\n      - simulated: { id: a }\n',
    'yaml',
  );
  expect((await check(path)).code).toBe(0);
});

test('says which file is missing, and that a configuration is needed', async () => {
  const missing = await check(join(folder, 'none.json'));
  expect(missing.code).toBe(2);
  expect(missing.stderr).toContain('none.json');
  const { code, stderr } = await runCommand(['serve', '--check']);
  expect(code).toBe(2);
  expect(stderr).toContain('--config is missing');
});

test('takes the port and the host of flags, and refuses other values', async () => {
  const path = fileOf({ ensembles: { panel } });
  expect((await check(path, {}, '--port', '4801', '--host', 'localhost')).code).toBe(0);
  const { code, stderr } = await check(path, {}, '--port', '70000');
  expect([code, stderr]).toEqual([2, expect.stringContaining('--port must be an integer from 0 to 65535')]);
});

test('lists the faults of keys, names and options together, and takes a key from a file with a line break', async () => {
  const path = fileOf({
    ensembles: { panel },
    concurrency: 0,
    keys: [
      { name: 'ann', keyEnv: 'ANN', ensembles: ['pannel'] },
      { name: 'bob', sha256: 'short', budget: { maxUsd: -1 } },
    ],
    page: { operators: ['eve'] },
    spendFile: 'none/spend.jsonl',
  });
  const { code, stderr } = await check(path, { ANN: 'secret-of-ann\n' });
  expect(code).toBe(2);
  for (const fault of ['pannel', 'eve', 'concurrency', 'maxUsd', 'sha256', 'spendFile'])
    expect(stderr).toContain(fault);
  expect(stderr).not.toContain('secret-of-ann');
});
