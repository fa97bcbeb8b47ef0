import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { createEnsemble, defineModel } from '../../src/index.ts';
import {
  createCallers,
  createEnsembleHandler,
  type EnsembleHandlerOptions,
} from '../../src/server/server.ts';

const APP = 'https://app.example';
const ensembles = { panel: createEnsemble({ models: [defineModel('a', () => 'yes')] }) };
const callers = createCallers({
  keys: [{ name: 'ann', sha256: createHash('sha256').update('key-of-ann').digest('hex') }],
});
const serve = (more: Partial<EnsembleHandlerOptions> = {}) =>
  createEnsembleHandler({ ensembles, page: true, ...more }).fetch;
const request = (method: string, path: string, headers: Record<string, string> = {}) =>
  new Request(`http://localhost${path}`, {
    method,
    headers,
    ...(method === 'POST' && { body: JSON.stringify({ model: 'panel', query: 'Hi?' }) }),
  });
/** What the browser of a page asks before a request with JSON and a key. */
const preflight = (origin: string, path = '/v1/predictions') =>
  request('OPTIONS', path, {
    origin,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization,content-type,x-stainless-os',
  });
const corsOf = ({ headers }: Response) =>
  Object.fromEntries([...headers].filter(([name]) => name.startsWith('access-control-')));

test.each([
  ['/v1/predictions', 'POST'],
  ['/v1/chat/completions', 'POST'],
  ['/v1/models', 'GET, HEAD'],
  ['/v1/models/panel', 'GET, HEAD'],
  ['/v1/predictions/recent', 'GET, HEAD'],
  ['/healthz', 'GET, HEAD'],
  ['/', 'GET, HEAD'],
])('%s names its methods to any other one, and allows no page', async (path, allow) => {
  const fetch = serve({ callers });
  for (const method of ['OPTIONS', 'DELETE', 'PUT', 'PATCH']) {
    const response = await fetch(request(method, path));
    expect([response.status, response.headers.get('allow')]).toEqual([405, allow]);
  }
  const asked = await fetch(preflight(APP, path));
  expect([asked.status, corsOf(asked)]).toEqual([405, {}]);
});

test.each([
  ['with keys', { callers }, { authorization: 'Bearer key-of-ann' }],
  ['without keys', {}, {}],
] as const)('a page of an origin that is named asks, %s', async (_, options, key) => {
  const fetch = serve({ origins: [APP, 'tauri://localhost'], ...options });
  const asked = await fetch(preflight(APP));
  expect(asked.status).toBe(204);
  expect(await asked.text()).toBe('');
  expect(corsOf(asked)).toMatchObject({
    'access-control-allow-origin': APP,
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': 'authorization,content-type,x-stainless-os',
  });
  expect(asked.headers.get('vary')).toBe('Origin');
  for (const origin of [APP, 'tauri://localhost']) {
    const answered = await fetch(request('POST', '/v1/predictions', { origin, ...key }));
    expect(answered.status).toBe(200);
    expect(corsOf(answered)['access-control-allow-origin']).toBe(origin);
    expect(corsOf(answered)).not.toHaveProperty('access-control-allow-credentials');
  }
  // A page may read why it is refused.
  const refused = await fetch(request('GET', '/none', { origin: APP, ...key }));
  expect([refused.status, corsOf(refused)['access-control-allow-origin']]).toEqual([404, APP]);
});

test.each([
  'https://evil.example',
  'http://app.example',
  'https://app.example.evil',
  'https://app.example:444',
  'null',
])('a page of %s reads nothing, although another origin may', async (origin) => {
  for (const options of [{}, { callers }]) {
    const fetch = serve({ origins: [APP], ...options });
    const asked = await fetch(preflight(origin));
    expect(asked.status).toBeGreaterThanOrEqual(400);
    const headers = { origin, authorization: 'Bearer key-of-ann' };
    const answered = await fetch(request('POST', '/v1/predictions', headers));
    expect(answered.status).toBe('callers' in options ? 200 : 403);
    for (const response of [asked, answered]) {
      expect(corsOf(response)).toEqual({});
      expect(response.headers.get('vary')).toBe('Origin');
    }
  }
});

test('a client without an origin sees no difference', async () => {
  const response = await serve({ origins: [APP] })(request('GET', '/v1/models'));
  expect([response.status, corsOf(response)]).toEqual([200, {}]);
});

test.each([
  ['https://app.example/'],
  ['https://app.example/path'],
  ['app.example'],
  ['*'],
  ['https://*.example'],
  ['HTTPS://APP.EXAMPLE'],
  ['null'],
  [''],
])('refuses the origin %j, which no browser sends', (origin) => {
  expect(() => serve({ origins: [origin] })).toThrow(/option "origins" must be a list of origins/);
});
