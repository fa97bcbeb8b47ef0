import { expect, it } from 'vitest';
import { startFaultServer } from '../../src/testing/testing.ts';
import { experimentOf, file, tableOf } from './experiment-file.ts';
import { sum } from './experiment-kills.ts';
import { runCommand } from './run-command.ts';

it('crucible-ensemble run calls models by name, over HTTP', async () => {
  const server = await startFaultServer();
  server.script((response, stalled) => sum(server.requests.at(-1)?.body)(response, stalled));
  const conditions = { one: { normalization: 'numeric' } };
  const path = experimentOf({ ...file, models: ['ollama/llama3.2'], conditions }, 7);
  const env = { OLLAMA_HOST: server.baseURL };
  const first = await runCommand(['run', path, '--json'], { env });
  const second = await runCommand(['run', path, '--json'], { env });
  await server.close();
  expect(server.requests).toHaveLength(7);
  expect(tableOf(first.stdout)).toMatchObject({ account: { calls: 7 }, conditions: [{ accuracy: 1 }] });
  expect(tableOf(second.stdout)).toMatchObject({
    account: { calls: 0, recalled: 7 },
    conditions: [{ accuracy: 1 }],
  });
});
