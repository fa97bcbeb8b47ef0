import { Subject } from 'rxjs';
import { expect, test } from 'vitest';
import { reportFaults } from '../../src/cli/report-faults.ts';
import { UserCodeError } from '../../src/index.ts';
import type { ServedEvent } from '../../src/server/server.ts';

const served = {
  id: 'abc',
  ensemble: 'panel',
  route: '/v1/predictions',
  query: { messages: [{ role: 'user' as const, content: 'Hi?' }] },
};
const failure = { status: 500, type: 'server_error', code: 'internal_error', message: 'the server failed' };
const reported = (...events: readonly ServedEvent[]): string => {
  const lines: string[] = [];
  const events$ = new Subject<ServedEvent>();
  reportFaults(events$, { print: (...more) => lines.push(...more) });
  for (const event of events) events$.next(event);
  return lines.join('\n');
};
const secret = (): Error => new TypeError('sk-live-1234567890abcdef is wrong');

test('names an account that is not kept, without the key in its message', () => {
  const text = reported({ type: 'fault', served, error: secret() });
  expect(text).toMatch(/^abc: the account of a prediction is not kept: TypeError: .* is wrong \(\/.*\)$/);
  expect(text).not.toContain('sk-live');
});

test.each<[string, ServedEvent]>([
  [
    'a prediction',
    {
      type: 'end',
      served,
      latencyMs: 1,
      failure,
      error: new UserCodeError('voter of panel', { cause: secret() }),
    },
  ],
  ['a refusal', { type: 'refusal', id: 'abc', route: '/', failure, error: secret() }],
  ['a thrown text', { type: 'refusal', id: 'abc', route: '/', failure, error: 'sk-live-1234567890abcdef' }],
])('says why %s has status 500, without the key in its message', (_, event) => {
  const text = reported(event);
  expect(text).toMatch(
    /^abc: status 500: (?:voter of panel threw TypeError|TypeError|a value that is not an error)/,
  );
  expect(text).not.toContain('sk-live');
});

test('says nothing of what its client was told', () => {
  const error = secret();
  for (const status of [400, 402, 424, 499, 503])
    expect(
      reported(
        { type: 'end', served, latencyMs: 1, failure: { ...failure, status }, error },
        { type: 'refusal', id: 'abc', route: '/', failure: { ...failure, status }, error },
      ),
    ).toBe('');
});
