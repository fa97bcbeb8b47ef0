import { describe, expect, it } from 'vitest';
import { instrument } from '../../../src/telemetry/opentelemetry.ts';
import { banana, grouped } from '../../grouped.ts';
import { createRecorder, useContexts } from './recorder.ts';

useContexts();

const recorded = async (verdict = banana()) => {
  const recorder = createRecorder();
  const ensemble = grouped({ decide: verdict });
  instrument(ensemble, recorder.providers);
  await ensemble.predict('What is green?').catch(() => undefined);
  return recorder;
};

describe('spans and metrics of calls with a role', () => {
  it('have the role, and the prediction has its grouping and decider', async () => {
    const { spans, span } = await recorded();
    const chats = spans().filter(({ name }) => name.startsWith('chat'));
    expect(
      chats.map(({ attributes }) => [attributes['crucible.role'], attributes['crucible.vote']]),
    ).toStrictEqual([
      [undefined, 'answered'],
      [undefined, 'answered'],
      [undefined, 'answered'],
      ['judge', undefined],
    ]);
    expect(span('invoke_workflow ensemble').attributes).toMatchObject({
      'crucible.successes': 3,
      'crucible.grouping': 'byInitial',
      'crucible.decider': 'custom',
      'crucible.decision': 'chosen',
    });
  });

  it('count the votes of members for the answer of their group, and every cost', async () => {
    const { series } = await recorded();
    const votes = await series('crucible.votes');
    expect(
      votes.map(({ attributes, value }) => [
        attributes['crucible.model'],
        attributes['crucible.vote'],
        value,
      ]),
    ).toStrictEqual([
      ['a', 'losing', 1],
      ['b', 'winning', 1],
      ['c', 'losing', 1],
    ]);
    const costs = await series('crucible.cost');
    expect(costs.reduce((sum, { value }) => sum + Number(value), 0)).toBeCloseTo(1.3, 12);
  });

  it('count joined votes as winning with the answer of their group', async () => {
    const { series } = await recorded(() => undefined);
    const votes = await series('crucible.votes');
    expect(votes.map(({ attributes }) => attributes['crucible.vote'])).toStrictEqual([
      'winning',
      'losing',
      'winning',
    ]);
  });
});
