import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { inCommandLineWords } from '../../src/cli/command-line-words.ts';
import { beside, experimentOf, file, small } from './experiment-file.ts';
import { runCommand } from './run-command.ts';

/** Names of options that only callers of the library have. */
const LIBRARY_ONLY =
  /("|&quot;)(folds|ballots|prices|baseURL|maxOutputTokens)("|&quot;)|onMiss|runExperiment|labelledBallots/;

const free = { simulated: { id: 'free', accuracy: 1 } };
const all = { all: { normalization: 'numeric' } };

describe('messages of the command line name what it has', () => {
  it.each([
    'the rate limit is reached (429): set "rateLimit" or "retry"',
    'the rate limit is reached (429): set "rateLimit"',
    'the model did not finish: length; raise "maxOutputTokens"',
  ])('%s', (message) => {
    expect(inCommandLineWords(message)).toMatch(/--(?:concurrency|provider-option)/);
    expect(inCommandLineWords(message)).not.toMatch(/"(?:rateLimit|retry|maxOutputTokens)"/);
  });

  it('if there are too few questions to tune', async () => {
    const path = experimentOf({ ...file, conditions: all }, 4);
    await runCommand(['run', path]);
    const { code, stderr } = await runCommand(['tune', path]);
    expect(code).toBe(2);
    expect(stderr).toContain('but there are 4');
    expect(stderr).not.toMatch(LIBRARY_ONLY);
  });

  it('if an aim needs costs that are unknown', async () => {
    const path = experimentOf({ ...file, models: [small, free], conditions: all }, 20);
    await runCommand(['run', path]);
    const { code, stderr } = await runCommand(['tune', path, '--max-cost-usd', '1']);
    expect(code).toBe(2);
    expect(stderr).toContain('--max-calls');
    expect(stderr).not.toMatch(LIBRARY_ONLY);
  });

  it('if a condition has an unknown option, or one of the models', async () => {
    const path = experimentOf({ ...file, conditions: { all: { retry: true, foo: 1 } } });
    const { code, stderr } = await runCommand(['run', path]);
    expect(code).toBe(2);
    expect(stderr).toContain('write "retry" at the top of the file');
    const [, listed = ''] = /there is no option "foo"; the options are (.*)/.exec(stderr) ?? [];
    expect(listed).toContain('normalization');
    expect(listed).not.toMatch(/retry|cache|budget|circuitBreaker|rateLimit/);
  });

  it('if no model of a cascade can give a confidence', async () => {
    const env = { ANTHROPIC_API_KEY: 'k', GEMINI_API_KEY: 'k' };
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    const argv = ['predict', 'What?', '-m', 'anthropic_haiku,gemini_flash', '-e', 'cascade'];
    const { code, stderr } = await runCommand(argv, { env });
    vi.unstubAllEnvs();
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^crucible-ensemble: cascade: no model of the panel gives a confidence, .*; in a file for --ensemble, write members as \{ "model": "…", "confidence": "stated" \}/,
    );
    expect(stderr).not.toMatch(/statedConfidence|createEnsemble/);
  });

  it('if Ollama cannot be reached', async () => {
    const [model, env] = ['ollama/llama3.2', { OLLAMA_HOST: 'http://127.0.0.1:9' }];
    const path = experimentOf({ ...file, models: [model], conditions: all }, 2);
    const reports = ['r.html', 'r.md'].map((name) => beside(path, name));
    const ran = await runCommand(['run', path, '--report', ...reports], { env });
    const asked = await runCommand(['predict', 'What is 1 + 1?', '--models', model], { env });
    const texts = [ran.stdout, asked.stderr, ...reports.map((report) => readFileSync(report, 'utf8'))];
    for (const text of texts) {
      expect(text).toContain(`check that the server is running, and OLLAMA_HOST`);
      expect(text).not.toMatch(LIBRARY_ONLY);
    }
  });

  it.each([
    'check that the server is running, and "baseURL"',
    'check the host name in "baseURL", and the network',
    'check "baseURL"',
  ])('if a provider without an address of its own cannot be reached: %s', (hint) => {
    expect(inCommandLineWords(`openai/gpt-6-luna: the connection failed: ${hint}`)).toMatch(
      /: check the network/,
    );
    expect(inCommandLineWords(`openai/gpt-6-luna: the connection failed: ${hint}`)).not.toMatch(LIBRARY_ONLY);
  });

  it('if right answers cannot be read', async () => {
    const path = experimentOf({ ...file, conditions: all }, 20);
    await runCommand(['run', path]);
    const rows = readFileSync(beside(path, 'sums.jsonl'), 'utf8').replace(
      '"expected":38',
      '"expected":"n/a"',
    );
    writeFileSync(beside(path, 'sums.jsonl'), rows);
    const { stderr } = await runCommand(['tune', path]);
    expect(stderr).not.toMatch(LIBRARY_ONLY);
  });
});
