import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { fuse } from '../../src/deciders/deciders.ts';
import { createEnsemble, defineModel, type Model, never, schema } from '../../src/index.ts';
import { letterOf, saying, shownIn } from './judges.ts';

const writing = (answer: string, wanted = /Lyon/, asked: string[] = []): Model =>
  defineModel('chairman', (prompt) => {
    asked.push(prompt);
    return { text: JSON.stringify({ sources: [letterOf(prompt, wanted)], answer }), costUsd: 1 };
  });

describe('fuse', () => {
  test('writes one answer where the votes do not decide, and says on which it drew', async () => {
    const asked: string[] = [];
    const ensemble = createEnsemble({
      models: saying('Paris', 'Lyon'),
      decide: fuse({ model: writing(' Lyon, not Paris. ', /Lyon/, asked) }),
    });
    const { answer, text, metadata, outcomes } = await ensemble.predict('Which city?');
    expect([answer, text]).toEqual(['lyon, not paris', 'Lyon, not Paris.']);
    expect(metadata).toMatchObject({
      consensus: 0.5,
      costUsd: 1.2,
      status: 'complete',
      decision: {
        by: 'fuse',
        status: 'written',
        details: { drewOn: [{ key: 'lyon', model: 'model-1' }] },
      },
    });
    expect(outcomes.at(-1)).toMatchObject({ role: 'chairman', model: 'chairman' });
    expect(asked).toHaveLength(1);
    expect([...shownIn(asked[0] ?? '').values()].toSorted()).toEqual(['Lyon', 'Paris']);
    expect(asked[0]).not.toMatch(/model-\d/);
  });

  test('writes nothing if the leader has more than half of the votes, unless it is to', async () => {
    const texts = ['Paris', 'Paris', 'Lyon'];
    const asked: string[] = [];
    const model = writing('Both.', /Lyon/, asked);
    const kept = createEnsemble({ models: saying(...texts), decide: fuse({ model }) });
    expect((await kept.predict('?')).metadata.decision).toEqual({ by: 'fuse', status: 'kept' });
    expect(asked).toHaveLength(0);
    const always = createEnsemble({ models: saying(...texts), decide: fuse({ model, unless: never() }) });
    expect((await always.predict('?')).text).toBe('Both.');
    const alone = createEnsemble({ models: saying('Paris'), decide: fuse({ model, unless: never() }) });
    expect((await alone.predict('?')).metadata.decision?.status).toBe('kept');
  });

  test('is read as the answers of the members are', async () => {
    const ofNumbers = createEnsemble({
      models: saying('It is 4.', 'It is 5.'),
      normalization: 'numeric',
      decide: fuse({ model: writing('It is 4.5.', /5/) }),
    });
    const { answer, text } = await ofNumbers.predict('How many?');
    expect([answer, text]).toEqual([4.5, 'It is 4.5.']);
    const city = z.object({ city: z.string() });
    const asked: string[] = [];
    const ofObjects = createEnsemble({
      models: saying('{"city": "Paris"}', '{"city": "Lyon"}'),
      normalization: schema(city),
      decide: fuse({ model: writing('{"city": "Lyon"}', /Lyon/, asked) }),
    });
    expect((await ofObjects.predict('Which?')).answer).toEqual({ city: 'Lyon' });
    expect(asked[0]).toContain('fits this JSON Schema: {');
  });

  test.each([
    [
      'has no answer for the normalization',
      { normalization: 'numeric' as const },
      'a lot',
      /number was not found/,
    ],
    [
      'is refused by the check',
      { check: (answer: unknown) => answer !== 'no' || 'not a city' },
      'no',
      /city/,
    ],
    [
      'is refused by a check that is asynchronous',
      { check: async (answer: unknown) => answer !== 'no' },
      'no',
      /check/,
    ],
    ['is empty', {}, ' ', /empty/],
  ])('lets the votes decide if what it writes %s', async (_, options, written, reason) => {
    const ensemble = createEnsemble({
      models: saying('4', '5'),
      decide: fuse({ model: writing(written, /5/) }),
      ...(options as object),
    });
    const { text, metadata } = await ensemble.predict('How many?');
    expect(text).toBe('4');
    expect(metadata.status).toBe('complete');
    expect(metadata.decision).toMatchObject({
      status: 'abstained',
      reason: expect.stringMatching(reason),
    });
    expect(metadata.decision?.reason).toContain('what it wrote does not count: ');
  });

  test('lets the votes decide if it draws on an answer that does not exist', async () => {
    const model = defineModel('chairman', () => JSON.stringify({ sources: ['Z'], answer: 'Nice' }));
    const { text, metadata } = await createEnsemble({
      models: saying('Paris', 'Lyon'),
      decide: fuse({ model }),
    }).predict('Which city?');
    expect(text).toBe('Paris');
    expect(metadata.decision).toMatchObject({
      status: 'abstained',
      reason: expect.stringContaining('sources'),
    });
  });
});
