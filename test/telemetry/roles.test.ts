import { describe, expect, it } from 'vitest';
import { attachLogger, recordPrediction } from '../../src/index.ts';
import { banana, grouped } from '../grouped.ts';
import { eventsOf } from './events-of.ts';

const asked = async () => {
  const ensemble = grouped({ decide: banana() });
  const events = eventsOf(ensemble);
  const lines: string[] = [];
  const log = (line: string) => void lines.push(line.replace(/\d+(\.\d+)? ms/g, '… ms').replace(/#\d+/, '#'));
  attachLogger(ensemble, { debug: log, info: log, warn: log, error: log });
  return { events, lines, prediction: await ensemble.predict('What is green?') };
};

describe('events of calls with a role', () => {
  it('name the role, the grouping and the decider, and no reason', async () => {
    const { events } = await asked();
    const called = events.filter(({ type }) => type === 'model:start' || type === 'model:stop');
    expect(called.slice(-2)).toMatchObject([
      { type: 'model:start', model: 'a', role: 'judge', call: 3 },
      { type: 'model:stop', model: 'a', role: 'judge', call: 3 },
    ]);
    expect(called.slice(0, -2).some((event) => 'role' in event)).toBe(false);
    expect(events.at(-1)).toMatchObject({
      type: 'predict:stop',
      successes: 3,
      grouping: 'byInitial',
      decision: { by: 'custom', status: 'chosen' },
    });
    expect(JSON.stringify(events)).not.toContain('it is green');
  });

  it('are logged with the role and the decision', async () => {
    const { lines } = await asked();
    expect(lines).toContain('ensemble # model:stop: a (judge) answered in … ms, $1.00');
    expect(lines.at(-1)).toBe(
      'ensemble # predict:stop: complete in … ms, $1.30, consensus 33 % of 3 votes, chosen by custom',
    );
  });

  it('are told again of a recorded prediction, after the calls of members', async () => {
    const { events, prediction } = await asked();
    const ensemble = grouped();
    const again = eventsOf(ensemble);
    recordPrediction(ensemble, prediction);
    const typesOf = (told: typeof events) =>
      told.map((event) => `${event.type}${'role' in event ? ` ${event.role}` : ''}`).toSorted();
    expect(typesOf(again)).toStrictEqual(typesOf(events));
    expect(again[0]).toMatchObject({ type: 'predict:start', models: ['a', 'b', 'c'] });
    const judgeAt = again.findIndex((event) => 'role' in event);
    expect(again.slice(judgeAt).some((event) => event.type === 'model:stop' && !('role' in event))).toBe(
      false,
    );
  });
});
