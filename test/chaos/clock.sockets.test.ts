import { lastValueFrom } from 'rxjs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { toRequest } from '../../src/engine/to-request.ts';
import { openaiCompatible } from '../../src/providers/openai-compatible.ts';
import { openaiChat } from '../../src/testing/dialects/openai-chat.ts';
import { json, startFaultServer } from '../../src/testing/testing.ts';

const HOUR_MS = 3_600_000;
const { now } = Date;
let offsetMs = 0;

beforeEach(() => {
  offsetMs = 0;
  Date.now = () => now() + offsetMs;
});
afterEach(() => {
  Date.now = now;
});

it.each([
  ['forth', HOUR_MS],
  ['back', -HOUR_MS],
])(
  'a clock that is set %s by an hour changes no hint that is a date, because the reply has its own',
  async (_direction, byMs) => {
    const server = await startFaultServer();
    const headers = {
      date: 'Fri, 27 Nov 2026 10:00:00 GMT',
      'retry-after': 'Fri, 27 Nov 2026 10:00:07 GMT',
    };
    server.script(json(openaiChat.error(429, 'busy'), { status: 429, headers }));
    const model = openaiCompatible('m', { baseURL: `${server.baseURL}/v1`, apiKey: 'k' });
    const call = lastValueFrom(model.call(toRequest('?')));
    offsetMs = byMs;
    await expect(call).rejects.toMatchObject({ retryAfterMs: 7000 });
    await server.close();
  },
);
