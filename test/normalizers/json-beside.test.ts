import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { abstentionReason } from '../../src/domain/normalizer.ts';
import { json } from '../../src/normalizers/json.ts';
import { marked } from '../../src/normalizers/marked.ts';
import { schema } from '../../src/normalizers/schema.ts';

const first = '{"city": "Oslo"}';
const second = '{"city": "Bern"}';
const city = schema(z.object({ city: z.string() }));
const fence = (content: string): string => `\`\`\`json\n${content}\n\`\`\``;

const alternatives = [
  `${first} or ${second}`,
  `${first} and ${second}`,
  `${first}, ${second}`,
  `${first} / ${second}`,
  `It is ${first}, alternatively ${second}.`,
  `Either ${first} or ${second}.`,
  `${first}\nor\n${second}`,
  `- ${first}\n- ${second}`,
  `1. ${first}\n2. ${second}`,
  `a) ${first}\nb) ${second}`,
  `> ${first}\n> ${second}`,
  `Option 1: ${first}\nOption 2: ${second}`,
  `The answer is ${first} or ${second}.`,
  `The answer is ${first}, ${second}.`,
  `${first} oder ${second}`,
  `${fence(first)}\nAlternatively:\n${fence(second)}`,
  `${fence(first)}\nor\n${fence(second)}`,
  fence(`- ${first}\n- ${second}`),
  `<answer>${first} or ${second}</answer>`,
  `${first} or ${first} or ${second} or ${second}`,
];

describe('values side by side that differ', () => {
  it.each(alternatives)('abstain: %j', (text) => {
    expect(abstentionReason(json(text))).toContain('several JSON values that differ');
    expect(abstentionReason(city(text))).toContain('several JSON values that differ');
  });

  it.each(alternatives)('are one answer if they are the same: %j', (text) => {
    expect(city(text.replaceAll('Oslo', 'Bern'))).toEqual({ city: 'Bern' });
  });

  it.each(alternatives)('are no rivals if one of them does not fit: %j', (text) => {
    expect(city(text.replaceAll('"city": "Oslo"', '"town": "Oslo"'))).toEqual({ city: 'Bern' });
  });

  it.each([
    `${first} or rather ${second}`,
    `${first}. No, ${second}.`,
    `Draft: ${first}\nFinal: ${second}`,
    `${first}\nWait, actually:\n${second}`,
    `First I thought ${first}, but it is ${second}.`,
    `${fence(first)}\nCorrected:\n${fence(second)}`,
    `${fence(first)}\n\n${fence(second)}`,
    `Input: ${first}\nOutput: ${second}`,
    `Format: ${first}\n\n${second}`,
  ])('are a draft and its correction: %j', (text) => {
    expect(json(text)).toEqual({ city: 'Bern' });
  });

  it('abstain if "answer" and "final_answer" differ', () => {
    expect(abstentionReason(city(`{"answer": ${first}, "final_answer": ${second}}`))).toContain('differ');
    expect(city(`{"answer": ${second}, "final_answer": ${second}}`)).toEqual({ city: 'Bern' });
  });
});

describe.each([
  ['json', marked(json)],
  ['schema', marked(city)],
] as const)('marked(%s)', (_name, read) => {
  it.each(alternatives)('abstains where the normalizer does: %j', (text) => {
    expect(abstentionReason(read(text))).toMatch(/\w/);
  });

  it.each([
    second,
    `\n ${second}\n`,
    fence(second),
    `Here:\n${fence(second)}\nDone.`,
    `<answer>${second}</answer>`,
    `The answer is ${second}.`,
    `Example: ${first} The final answer: ${second}`,
    `The answer is ${second}, not ${first}.`,
    `\\boxed{${second}}`,
    `#### ${second}`,
  ])('reads %j', (text) => {
    expect(read(text)).toEqual({ city: 'Bern' });
  });

  it.each([
    `It is ${second}`,
    `[Note] I think ${second}`,
    `[1] says ${second}`,
    `{draft} It is ${second}`,
    `${second} and that is all`,
    `See \`\`\` fences. It is ${second}`,
    `\`\`\`py\nx = ${second}\n\`\`\``,
    `The answer is not ${second}.`,
  ])('abstains from %j', (text) => {
    expect(abstentionReason(read(text))).toMatch(/\w/);
  });
});
