import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { json, startFaultServer } from '../../src/testing/testing.ts';
import { beside, experimentOf, file, tableOf } from './experiment-file.ts';
import { sum } from './experiment-kills.ts';
import { runCommand } from './run-command.ts';

const MODEL = 'ollama/llama3.2';
const experiment = {
  ...file,
  models: [...file.models, MODEL],
  conditions: {
    large: { models: ['large'], normalization: 'numeric' },
    local: { models: [MODEL], normalization: 'numeric' },
  },
  concurrency: 2,
};

/** Runs the experiment with reports against this host, and returns everything that a reader sees. */
const seen = async (path: string, host: string) => {
  const reports = ['r.html', 'r.md', 'r.csv', 'r.json'].map((name) => beside(path, name));
  const result = await runCommand(['run', path, '--report', ...reports], { env: { OLLAMA_HOST: host } });
  const [page, markdown, csv, card] = reports.map((report) => readFileSync(report, 'utf8')) as string[];
  return { ...result, page, markdown, csv, card };
};

describe.each([
  ['a wrong key', 401, 'AuthenticationError', 'the provider rejected the key (401): check the key'],
  [
    'a host that cannot be reached',
    undefined,
    'ConnectionError',
    'the connection failed (ECONNREFUSED <host>): check that the server is running, and OLLAMA_HOST',
  ],
])('%s', (_, status, error, reason) => {
  it('stops the run with its reason, keeps what is done, and exits with 1', async () => {
    const server = await startFaultServer();
    if (status !== undefined) server.script(json({ error: { message: 'sk-secret' } }, { status }));
    if (status === undefined) await server.close();
    const path = experimentOf(experiment, 200);
    const { code, stdout, stderr, page, markdown, csv, card } = await seen(path, server.baseURL);
    if (status !== undefined) await server.close();
    const told = reason.replace('<host>', new URL(server.baseURL).host);

    expect(code).toBe(1);
    expect(stderr).toContain(
      `crucible-ensemble: model "${MODEL}" cannot be used: its calls for 3 questions in a row failed, the last with ${error}: ${told}. The experiment stopped before it asked the other questions. Correct that, or leave the model out, and run it again to continue: the other calls are recorded\n`,
    );
    expect(stdout).toMatch(/^large +100\.0 % /m);
    expect(stdout).toMatch(/^local +– +0\/\d /m);
    const note = /^local: all (\d) calls of (.*)$/m.exec(stdout);
    expect(note?.[0]).toBe(
      `local: all ${note?.[1]} calls of ${MODEL} failed with ${error}, for example at q0: ${told}`,
    );
    expect(stdout).toMatch(
      /^local: no accuracy, and left out of comparisons: none of its \d questions was answered$/m,
    );
    expect(stdout).toMatch(/answers reused; stopped early after \d+ of 200 questions$/m);
    // Of 200 questions, only those in progress were asked.
    const calls = Number(/(\d+) calls made/.exec(stdout)?.[1]);
    expect(calls).toBeLessThanOrEqual(10);
    expect(readFileSync(beside(path, 'calls.jsonl'), 'utf8').trim().split('\n')).toHaveLength(calls + 1);

    expect(page).toMatch(/Stopped early after \d+ of 200 questions\./);
    expect(markdown).toMatch(/\*\*Stopped early after \d+ of 200 questions\.\*\*/);
    expect(JSON.parse(card ?? '').stopped).toMatch(/^Stopped early after \d+ of 200 questions$/);
    expect(page).toContain(`failed with ${error}, for example at q0`);
    expect(markdown).toMatch(/\| 2\. local +\| +– \|/);
    expect(markdown).toContain(`failed with ${error}, for example at q0`);
    expect(csv).toMatch(
      /^local,(\d),0,0,0,,,,.*,none of its \d questions was answered,\1,0,0,no,Stopped early after \d+ of 200 questions\r$/m,
    );
    expect(JSON.parse(card ?? '').conditions[1].accuracy).toBeUndefined();
    expect([stdout, stderr, page, markdown, csv, card].join()).not.toContain('sk-secret');
  });

  it('is continued by the next run once it is corrected', async () => {
    const server = await startFaultServer();
    if (status === undefined) await server.close();
    else server.script(json({}, { status }));
    const path = experimentOf(experiment, 20);
    await seen(path, server.baseURL);
    if (status !== undefined) await server.close();
    const repaired = await startFaultServer();
    repaired.script((response, stalled) => sum(repaired.requests.at(-1)?.body)(response, stalled));
    const env = { OLLAMA_HOST: repaired.baseURL };
    const { code, stdout } = await runCommand(['run', path, '--json'], { env });
    await repaired.close();
    expect(code).toBe(0);
    const { account, conditions } = tableOf(stdout);
    expect(conditions.map(({ accuracy }: { accuracy: number }) => accuracy)).toStrictEqual([1, 1]);
    expect(account.recalled).toBeGreaterThan(0);
    expect(account.calls + account.recalled).toBe(40);
  });
});

it('says in JSON why an experiment stopped', async () => {
  const path = experimentOf(experiment, 20);
  const { code, stdout } = await runCommand(['run', path, '--json']);
  expect(code).toBe(1);
  const { conditions, stopped } = tableOf(stdout);
  expect(conditions[1]).toMatchObject({ accuracy: null, answered: 0, whyNoAccuracy: expect.any(String) });
  expect(stopped).toMatchObject({ name: 'ModelUnavailableError', message: expect.stringContaining(MODEL) });
  expect(existsSync(beside(path, 'calls.jsonl.lock'))).toBe(false);
});
