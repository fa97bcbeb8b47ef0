import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const start = (...argv: readonly string[]) => {
  const script = fileURLToPath(new URL('../../scripts/start.ts', import.meta.url));
  return spawnSync(process.execPath, [script, ...argv], { encoding: 'utf8' });
};

describe('npm start', () => {
  it('asks the simulated panel a question of its own', () => {
    expect(start()).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('answer     391\n'),
      stderr: 'Using 3 simulated models, which can only do arithmetic\n',
    });
  });

  it('asks the question behind --', () => {
    const { stdout } = start('What is 6 * 7?', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ query: 'What is 6 * 7?', answer: '42' });
  });
});
