import { describe, expect, test } from 'vitest';
import { byContent } from '../../src/grouping/grouping.ts';
import { createEnsemble, defineModel } from '../../src/index.ts';

const groupsOf = async (question: string, ...answers: string[]): Promise<number> => {
  const models = answers.map((text, index) => defineModel(`model-${index}`, () => text));
  const { metadata } = await createEnsemble({ models, grouping: byContent() }).predict(question);
  return Object.keys(metadata.votes).length;
};

describe('answers of the same words', () => {
  test.each([
    ['who won', 'France beat Croatia', 'Croatia beat France'],
    ['who killed whom', 'Cain killed Abel.', 'Abel killed Cain.'],
    ['who is older', 'Ann is older than Bob', 'Bob is older than Ann'],
    ['which way does the train run', 'from Paris to Lyon', 'from Lyon to Paris'],
    ['what is the ratio', '3 to 1', '1 to 3'],
    ['which values are right', 'x > 5', 'x < 5'],
    ['which values are right', 'x >= 5', 'x > 5'],
    ['which values are right', 'x = 5', 'x != 5'],
    ['what is the term', 'a + b', 'a - b'],
    ['what is the term', 'a + b', 'a * b'],
    ['which language is it written in', 'C#', 'C++'],
    ['which language is it written in', 'C', 'C++'],
    ['which grade is it', 'A+', 'A-'],
    ['which grade is it', 'A', 'A-'],
    ['how large is it', 'greater than 5', 'less than 5'],
    ['what happens at that temperature', 'Water boils', 'Water freezes'],
  ])('to "%s" are two answers: %s | %s', async (question, one, other) => {
    expect(await groupsOf(question, one, other)).toBe(2);
  });

  test.each([
    ['who won', 'France beat Croatia', 'France beat Croatia 4-2'],
    ['who won', 'Croatia was beaten by France', 'France beat Croatia'],
    ['who discovered it', 'Marie and Pierre Curie', 'Pierre Curie and Marie Curie'],
    ['who discovered it', 'Marie Curie with Pierre Curie', 'Pierre Curie with Marie Curie'],
    ['in which years', '1914 to 1918', '1914-1918'],
    ['which city', '**Paris**', 'Paris'],
    ['which city', '# Answer\n\nParis', 'Answer: Paris'],
    ['which city', 'Paris - the capital', 'Paris, the capital'],
    ['which city', '> Paris', 'Paris'],
    ['which tools', 'hammer/saw', 'hammer, saw'],
    ['how is it built', '<b>brick</b>', 'brick'],
  ])('to "%s" are one answer: %s | %s', async (question, one, other) => {
    expect(await groupsOf(question, one, other)).toBe(1);
  });
});

test('answers that are no texts are grouped if they are equal', async () => {
  const texts = ['{"a": 1, "b": 2}', '{"b": 1, "a": 2}', '{"a": 2, "b": 1}'];
  const models = texts.map((text, index) => defineModel(`model-${index}`, () => text));
  const ensemble = createEnsemble({ models, normalization: 'json', grouping: byContent() });
  const { answer, metadata } = await ensemble.predict('Which values?');
  expect(answer).toEqual({ a: 2, b: 1 });
  expect(metadata.consensus).toBeCloseTo(2 / 3);
});
