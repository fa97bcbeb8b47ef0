import fc from 'fast-check';
import { map } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { cascade, createEnsemble, defineModel } from '../../../src/index.ts';
import { marbles } from '../../marbles.ts';
import { scripted } from '../../scripted.ts';

const answers = {
  u: { text: 'unsure', confidence: 0.6 },
  s: { text: 'sure', confidence: 0.95 },
  n: { text: 'no confidence' },
};

describe('cascade', () => {
  it(
    'asks the next model only while the leading answer is not confident enough',
    marbles((m) => {
      const small = m.cold(' --u|        ', answers);
      const smallSubs = '    ^-!         ';
      const medium = m.cold('  ---s|     ', answers);
      const mediumSubs = '   --^--!      ';
      const large = m.cold('             ');
      const expected = '     -----(s|)   ';

      const ensemble = createEnsemble({
        models: [scripted('small', small), scripted('medium', medium), scripted('large', large)],
        execution: 'cascade',
      });
      m.expect(ensemble.predict$('?').pipe(map(({ text }) => text))).toBeObservable(expected, { s: 'sure' });
      m.expect(small).toHaveSubscriptions(smallSubs);
      m.expect(medium).toHaveSubscriptions(mediumSubs);
      m.expect(large).toHaveSubscriptions([]);
    }),
  );

  it(
    'never ends at an answer that comes without a confidence',
    marbles((m) => {
      const small = m.cold(' --n|        ', answers);
      const medium = m.cold('  --n|      ', answers);
      const mediumSubs = '   --^-!       ';
      const large = m.cold('     --n|    ', answers);
      const largeSubs = '    ----^-!     ';
      const expected = '     ------(n|)  ';

      const ensemble = createEnsemble({
        models: [scripted('small', small), scripted('medium', medium), scripted('large', large)],
        execution: cascade({ confidenceThreshold: 0 }),
      });
      m.expect(ensemble.predict$('?').pipe(map(({ text }) => text))).toBeObservable(expected, {
        n: 'no confidence',
      });
      m.expect(medium).toHaveSubscriptions(mediumSubs);
      m.expect(large).toHaveSubscriptions(largeSubs);
    }),
  );

  it(
    'hears `minResponses` votes before it takes any answer',
    marbles((m) => {
      const small = m.cold(' --s|        ', answers);
      const medium = m.cold('  --u|      ', answers);
      const mediumSubs = '   --^-!       ';
      const large = m.cold('             ');
      const expected = '     ----(s|)    ';

      const ensemble = createEnsemble({
        models: [scripted('small', small), scripted('medium', medium), scripted('large', large)],
        execution: cascade({ minResponses: 2 }),
      });
      m.expect(ensemble.predict$('?').pipe(map(({ text }) => text))).toBeObservable(expected, { s: 'sure' });
      m.expect(medium).toHaveSubscriptions(mediumSubs);
      m.expect(large).toHaveSubscriptions([]);
    }),
  );

  it(
    'asks the next model when one fails, and asks for no more votes than there are models',
    marbles((m) => {
      const small = m.cold(' -#          ', answers);
      const medium = m.cold(' --s|       ', answers);
      const mediumSubs = '   -^-!        ';
      const expected = '     ---(s|)     ';

      const models = [scripted('small', small), scripted('medium', medium)];
      const once = createEnsemble({ models, execution: cascade() });
      m.expect(once.predict$('?').pipe(map(({ text }) => text))).toBeObservable(expected, { s: 'sure' });
      m.expect(medium).toHaveSubscriptions(mediumSubs);
    }),
  );

  /** A panel of members that each say a letter with a confidence, and the first that is as sure as the threshold. */
  const panels = fc.record({
    members: fc.array(
      fc.record({
        text: fc.constantFrom('a', 'b', 'c'),
        confidence: fc.option(fc.constantFrom(0, 0.3, 0.6, 0.9, 1), { nil: undefined }),
      }),
      { minLength: 1, maxLength: 6 },
    ),
    confidenceThreshold: fc.constantFrom(0, 0.5, 0.9, 1),
  });

  it('stops at the first member that is sure enough, whose answer wins, whatever the others said', async () => {
    await fc.assert(
      fc.asyncProperty(panels, async ({ members, confidenceThreshold }) => {
        const models = members.map((response, index) => defineModel(`m${index}`, () => response));
        const execution = cascade({ confidenceThreshold });
        const { answer, metadata } = await createEnsemble({ models, execution }).predict('?');
        const first = members.findIndex(({ confidence = -1 }) => confidence >= confidenceThreshold);
        expect(metadata.strategy).toBe('bestConfidence');
        expect(metadata.modelsUsed).toHaveLength(first === -1 ? members.length : first + 1);
        if (first !== -1) expect(answer).toBe(members[first]?.text);
      }),
    );
  });

  it.each([
    ['majority', ['a', 'b', 'c', 'd'], 'lyon'],
    ['bestConfidence', ['a', 'b', 'c'], 'paris'],
  ] as const)('leaves the count to the strategy of the ensemble: %s', async (strategy, asked, answer) => {
    const models = [
      defineModel('a', () => ({ text: 'Lyon', confidence: 0.5 })),
      defineModel('b', () => ({ text: 'Lyon', confidence: 0.6 })),
      defineModel('c', () => ({ text: 'Paris', confidence: 0.95 })),
      defineModel('d', () => ({ text: 'Lyon' })),
    ];
    const prediction = await createEnsemble({ models, execution: 'cascade', strategy }).predict('?');
    expect(prediction.answer).toBe(answer);
    expect(prediction.metadata).toMatchObject({ strategy, modelsUsed: asked });
  });

  it('refuses options that cannot work, all at once', () => {
    expect(() => cascade({ confidenceThreshold: 90, minResponses: 0 })).toThrow(
      expect.objectContaining({
        name: 'ConfigError',
        faults: [
          'cascade: option "confidenceThreshold" must be a number from 0 to 1, but got 90; for 90 %, give 0.9',
          'cascade: option "minResponses" must be an integer of at least 1, but got 0',
        ],
      }),
    );
  });
});
