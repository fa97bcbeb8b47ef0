import { readFileSync } from 'node:fs';
import { concatAll, from, ignoreElements, map, merge, NEVER, of, throwError, timer } from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  createEnsemble,
  type DecideFunction,
  defineModel,
  type EnsembleEvent,
  type Model,
  ProviderError,
} from '../../src/index.ts';
import { reportedByProvider } from '../../src/policies/policies.ts';
import { inTurn } from './in-turn.ts';

const page = readFileSync(new URL('../../docs/telemetry.md', import.meta.url), 'utf8');

/** The cells of the table under a heading row, row by row. */
const rowsUnder = (heading: string): string[][] => {
  const [, after = ''] = page.split(heading);
  const [table = ''] = after.split('\n\n');
  return table
    .split('\n')
    .slice(2)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
};

const quotedIn = (cell = ''): string[] => Array.from(cell.matchAll(/`([^`]+)`/g), ([, name = '']) => name);

interface DocumentedEvent {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  readonly hidden: readonly string[];
}

const rows = rowsUnder('| event | when | properties | not enumerable |');

const documented = (type: EnsembleEvent['type']): DocumentedEvent => {
  const names = (cell: number): string[] =>
    rows
      .filter(([event]) =>
        ['every event', type.startsWith('model:') ? 'every `model:…`' : '', `\`${type}\``].includes(
          event ?? '',
        ),
      )
      .flatMap((row) => quotedIn(row[cell]));
  return {
    required: names(2).filter((name) => !name.endsWith('?')),
    optional: names(2).flatMap((name) => (name.endsWith('?') ? [name.slice(0, -1)] : [])),
    hidden: names(3),
  };
};

/** Events of every type, with everything in them that may be there. */
const everyEvent = async (): Promise<readonly EnsembleEvent[]> => {
  const events: EnsembleEvent[] = [];
  const predict = async (
    options: Omit<Parameters<typeof createEnsemble>[0], 'models'>,
    ...models: Model[]
  ) => {
    const ensemble = createEnsemble({ models, telemetryMetadata: { a: 1 }, ...options });
    ensemble.events$.subscribe((event) => events.push(event));
    return Array.fromAsync(ensemble.stream('?')).catch(() => undefined);
  };
  const delta = { delta: '4' };
  const full: Model = {
    id: 'full',
    provider: 'openai',
    modelId: 'gpt',
    call: () =>
      of(delta, {
        text: '4',
        usage: { inputTokens: 1, outputTokens: 1 },
        finishReason: 'stop' as const,
        requestId: 'r',
        reasoning: '2 and 2',
        toolCalls: [{ toolName: 'add', input: {} }],
        ...reportedByProvider({ metadata: { id: 'a', model: 'm' } }),
        confidence: 1,
        costUsd: 1,
      }),
  };
  const streaming = (then: Model['call']): Model => ({
    ...full,
    id: 'streaming',
    call: (request) => concatenated(of(delta), then(request)),
  });
  const concatenated = (...parts: ReturnType<Model['call']>[]) => from(parts).pipe(concatAll());
  const failing = streaming(() => throwError(() => new ProviderError('b', 'down')));
  await predict({ minResponses: 1 }, full, inTurn(0, failing, { ...failing }));
  await predict({}, failing);
  await predict(
    { earlyStop: 0.5 },
    streaming(() => timer(1000).pipe(map(() => ({ text: '4' })))),
    { ...full },
  );
  await predict(
    { strategy: 'unanimous' },
    full,
    defineModel('other', () => '5'),
  );
  const calling =
    (...judges: Model[]): DecideFunction =>
    (_tally, { call }) =>
      merge(...judges.map((judge) => call(judge, '?', { role: 'judge' }))).pipe(ignoreElements());
  await predict({ grouping: (votes) => [votes], decide: calling(full, failing) }, full);
  const leave = (options: Parameters<typeof createEnsemble>[0]) => {
    const left = createEnsemble({ telemetryMetadata: { a: 1 }, ...options });
    left.events$.subscribe((event) => events.push(event));
    left.predict$('?').subscribe().unsubscribe();
  };
  leave({ models: [full, streaming(() => NEVER)] });
  leave({ models: [full], decide: calling(streaming(() => NEVER)) });
  return events;
};

describe('the table of events in docs/telemetry.md', () => {
  it('has every event, and no other', async () => {
    const named = rows.flatMap(([event = '']) => (event.startsWith('`') ? quotedIn(event) : []));
    const told = new Set((await everyEvent()).map(({ type }) => type));
    expect(named.toSorted()).toStrictEqual([...told].toSorted());
  });

  it('has every property of each event, and no other, and says which are optional or hidden', async () => {
    const events = await everyEvent();
    for (const type of new Set(events.map((event) => event.type))) {
      const { required, optional, hidden } = documented(type);
      const seen = new Set<string>();
      const unseen = new Set<string>();
      for (const event of events.filter((each) => each.type === type)) {
        const keys = Object.keys(event);
        expect(keys, type).toEqual(expect.arrayContaining([...required]));
        for (const key of keys) seen.add(key);
        for (const key of Object.getOwnPropertyNames(event)) if (!keys.includes(key)) unseen.add(key);
        const always = hidden.filter((name) => !name.endsWith('?'));
        expect(Object.getOwnPropertyNames(event), type).toEqual(expect.arrayContaining(always));
      }
      expect([...unseen], type).toStrictEqual(hidden.map((name) => name.replace('?', '')));
      expect([...seen].toSorted(), type).toStrictEqual([...required, ...optional].toSorted());
    }
  });

  it('explains every property once', () => {
    const explained = rowsUnder('| property | meaning |').flatMap(([names]) => quotedIn(names));
    const used = rows.flatMap((row) => [...quotedIn(row[2]), ...quotedIn(row[3])]);
    expect(explained.toSorted()).toStrictEqual(
      [...new Set(used.map((name) => name.replace('?', '')))].toSorted(),
    );
  });
});
