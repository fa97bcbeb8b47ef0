import { expect, test } from 'vitest';
import { createServed } from '../../src/cli/served.ts';
import { createEnsemble, defineModel } from '../../src/index.ts';
import { memorySpendStore } from '../../src/server/server.ts';

const panel = createEnsemble({ models: [defineModel('a', () => 'yes')] });
const metrics = async (): Promise<Response> => new Response('# metrics');
const served = (more: object = {}, errors: string[] = []) =>
  createServed(
    { options: { ensembles: { panel }, page: true, ...more }, keys: [], remarks: [], metrics: true },
    {
      spend: memorySpendStore(),
      mcp: undefined,
      telemetry: {
        watch: () => undefined,
        within: (_request, handle) => handle(),
        metrics,
        close: async () => undefined,
      },
      errors: { print: (...lines: readonly string[]) => errors.push(...lines) } as never,
    },
  );
const get = (path: string, headers: Record<string, string> = {}): Request =>
  new Request(`http://localhost${path}`, { headers });

test.each(['/metrics', '/metrics/'])('serves metrics at %s', async (path) => {
  expect(await (await served().fetch(get(path))).text()).toBe('# metrics');
});

test('answers a request whose URL cannot be read', async () => {
  const request = get('/v1/models');
  Object.defineProperty(request, 'url', { value: 'http://localhost:99999/v1/models' });
  expect((await served().fetch(request)).status).toBe(403);
});

test('lets a page of an origin that is named read every path', async () => {
  const origin = 'https://app.example';
  for (const path of ['/metrics', '/v1/models', '/none']) {
    const { headers } = await served({ origins: [origin] }).fetch(get(path, { origin }));
    expect([headers.get('access-control-allow-origin'), headers.get('vary')]).toEqual([origin, 'Origin']);
  }
});
