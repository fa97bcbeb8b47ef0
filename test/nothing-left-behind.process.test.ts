import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';

// `nothing-left-behind.ts` asserts after the test that no process is left.
it('lets a killed process end after the test, if that takes some time', async () => {
  const script = 'trap "sleep 0.3; exit" TERM; echo ready; while :; do sleep 0.01; done';
  const child = spawn('sh', ['-c', script]);
  await once(child.stdout, 'data');
  child.kill();
  expect(child.exitCode).toBeNull();
});
