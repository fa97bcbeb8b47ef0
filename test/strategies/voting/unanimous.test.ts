import { map } from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  confident,
  consensus,
  createEnsemble,
  decided,
  defineModel,
  type EnsembleOptions,
  firstAnswer,
  NoConsensusError,
  type PredictOverrides,
  unanimous,
} from '../../../src/index.ts';
import { marbles } from '../../marbles.ts';
import { scripted } from '../../scripted.ts';

const modelOf = (text: string, index: number) =>
  defineModel(`m${index}`, () => {
    if (text === 'fails') throw new Error('down');
    return text === 'sure' ? { text: 'yes', confidence: 0.99 } : text;
  });

const resultOf = (texts: readonly string[], options: PredictOverrides): Promise<unknown> =>
  createEnsemble({ models: texts.map(modelOf), ...options } as EnsembleOptions)
    .predict('?')
    .then(
      ({ answer }) => answer,
      (error: unknown) => error,
    );

/** Every way in which a member can be without a vote for the answer. */
const missing = ['fails', ''];

describe('unanimous', () => {
  it.each(missing)(
    'has no answer if a member is missing, wherever it stands in the panel: %j',
    async (text) => {
      for (const place of [0, 1, 2]) {
        const texts = ['yes', 'yes', 'yes'].with(place, text);
        expect(await resultOf(texts, { strategy: 'unanimous' })).toBeInstanceOf(NoConsensusError);
        expect(await resultOf(texts, { strategy: unanimous({ of: 'votes' }) })).toBe('yes');
      }
    },
  );

  it('has the answer of the whole panel', async () => {
    expect(await resultOf(['yes', 'Yes.', 'YES'], { strategy: 'unanimous' })).toBe('yes');
  });

  it('says which member is missing, why, and what to do about it', async () => {
    expect(await resultOf(['yes', 'yes', ''], { strategy: 'unanimous' })).toMatchObject({
      message:
        'unanimous found no winner among 1 answer (m2 abstained: the model answered with an empty text); ' +
        "every member has to agree: use unanimous({ of: 'votes' }) if one may be missing",
      votes: { yes: 2 },
    });
  });

  it('says nothing of missing members if some disagree', async () => {
    expect(await resultOf(['yes', 'no', 'yes'], { strategy: 'unanimous' })).toMatchObject({
      message: 'unanimous found no winner among 2 answers',
    });
  });

  it.each<readonly [string, PredictOverrides]>([
    ['sequential', { execution: 'sequential' }],
    ['cascade', { execution: 'cascade' }],
    ['a share', { earlyStop: 0.1 }],
    ['no share at all', { earlyStop: 0 }],
    ['consensus', { earlyStop: consensus(0.1) }],
    ['confident', { earlyStop: confident(0) }],
    ['firstAnswer', { earlyStop: firstAnswer() }],
    ['decided', { earlyStop: decided() }],
  ])('waits for the last member, with %s', async (_, options) => {
    const all = { strategy: unanimous(), minResponses: 1, ...options } as const;
    expect(await resultOf(['sure', 'sure', 'no'], all)).toBeInstanceOf(NoConsensusError);
    expect(await resultOf(['sure', 'sure', 'fails'], all)).toBeInstanceOf(NoConsensusError);
    expect(await resultOf(['sure', 'sure', 'sure'], all)).toBe('yes');
  });

  it(
    'is decided by a member that fails or abstains, as by a dissent',
    marbles((m) => {
      for (const end of ['#', 'e', 'n']) {
        const values = { y: { text: 'yes' }, n: { text: 'no' }, e: { text: '' } };
        const agreeing = m.cold('--y|    ', values);
        const other = m.cold(`   ---${end}    `, values);
        const pending = m.cold(' --------y|', values);
        const pendingSubs = '    ^--!    ';
        const error = expect.objectContaining({ name: 'NoConsensusError' });
        const ensemble = createEnsemble({
          models: [scripted('agreeing', agreeing), scripted('other', other), scripted('pending', pending)],
          strategy: 'unanimous',
          earlyStop: 'decided',
          minResponses: 1,
        });
        const answer$ = ensemble.predict$('?').pipe(map(({ answer }) => answer));
        m.expect(answer$).toBeObservable('      ---#', undefined, error);
        m.expect(pending).toHaveSubscriptions(pendingSubs);
      }
    }),
  );

  it(
    'has no answer if the deadline cuts a member off',
    marbles((m) => {
      const agreeing = () => m.cold('--y|      ', { y: { text: 'yes' } });
      const late = m.cold('          --------y|', { y: { text: 'yes' } });
      const models = [scripted('a', agreeing()), scripted('b', agreeing()), scripted('late', late)];
      const error = expect.objectContaining({
        message: expect.stringContaining('unanimous found no winner among 1 answer (late cancelled)'),
      });
      const ensemble = createEnsemble({ models, strategy: 'unanimous', deadlineMs: 5 });
      m.expect(ensemble.predict$('?')).toBeObservable('-----#', undefined, error);
    }),
  );

  it('counts each sample of a model', async () => {
    const texts = ['yes', 'no'];
    const model = defineModel('m', () => texts.pop() ?? 'yes');
    const ensemble = createEnsemble({ models: [model], samples: 3, strategy: 'unanimous' });
    await expect(ensemble.predict('?')).rejects.toThrow(NoConsensusError);
    expect((await ensemble.predict('?')).answer).toBe('yes');
  });
});
