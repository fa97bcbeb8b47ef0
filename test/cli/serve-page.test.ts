import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type LoadedServer, loadServer } from '../../src/cli/server-file/load-server.ts';
import { runCommand } from './run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'serve-page-'));
afterAll(() => rmSync(folder, { recursive: true }));

const panel = { models: ['ollama/a', 'ollama/b'], grouping: 'byContent' };
let count = 0;
const written = (fields: object): string => {
  count += 1;
  const path = join(folder, `${count}.json`);
  writeFileSync(path, JSON.stringify({ ensembles: { panel }, ...fields }));
  return path;
};
const loaded = (fields: object, env: Readonly<Record<string, string>> = {}): Promise<LoadedServer> =>
  loadServer(written(fields), { env, errors: { print: () => undefined } as never });

test('has the page unless the file turns it off', async () => {
  expect((await loaded({})).options.page).toBe(true);
  expect((await loaded({ page: false })).options.page).toBe(false);
  expect((await loaded({ page: { history: 5 } })).options.page).toEqual({ history: 5 });
});

test('reads the webhook from an environment variable', async () => {
  const fields = { alerts: [{ spendUsd: 5 }], webhookEnv: 'HOOK' };
  const { options } = await loaded(fields, { HOOK: 'https://hook.test/secret' });
  expect(options).toMatchObject({ alerts: [{ spendUsd: 5 }], webhook: 'https://hook.test/secret' });
  await expect(loaded(fields)).rejects.toThrow(/webhookEnv: the environment variable HOOK is not set/);
  await expect(
    loaded({ ...fields, webhook: 'https://other.test/' }, { HOOK: 'https://hook.test/' }),
  ).rejects.toThrow(/exclude each other/);
});

test.each([
  [{ alerts: [{ spendUsd: -1 }] }, /alerts\[0\]/],
  [{ alert: [] }, /alert.*did you mean .*alerts|there is no/],
  [{ page: { content: 'yes' } }, /content/],
])('refuses %j before it listens', async (fields, message) => {
  const { code, stderr } = await runCommand(['serve', '--check', '--config', written(fields)]);
  expect(code).not.toBe(0);
  expect(stderr).toMatch(message);
});
