import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { answerKey } from '../../src/domain/answer-key.ts';
import { abstentionReason } from '../../src/domain/normalizer.ts';
import { json } from '../../src/normalizers/json.ts';
import { schema } from '../../src/normalizers/schema.ts';

const ABSTAINS = 'abstains';

const read = (value: unknown): string =>
  abstentionReason(value) === undefined ? answerKey(value) : ABSTAINS;

const fence = (language: string, content: string): string => `\`\`\`${language}\n${content}\n\`\`\``;

const first = '{"a":1}';
const second = '{"a":2}';

describe('of several JSON values counts', () => {
  it.each([
    [
      'the one in a fence of JSON, not one in prose after it',
      `${fence('json', first)}\nwhere ${second} is fine`,
      first,
    ],
    ['the one in a fence of JSON5', `${fence('JSON5', first)}\nThen ${second}`, first],
    ['the one in a fence without a language', `${fence('', first)}\nNow ${second}, say`, first],
    ['the last of several fences', `${fence('json', first)}\nCorrected:\n${fence('json', second)}`, second],
    [
      'the one that stands alone, not one in a shell command',
      `${first}\n${fence('bash', `echo ${second}`)}`,
      first,
    ],
    [
      'the one that stands alone, not one in a program',
      `${first}\n${fence('python', `d = ${second}`)}`,
      first,
    ],
    ['the one that stands alone, not a fenced text', `${first}\n${fence('text', second)}`, first],
    [
      'one in prose, not one in a program before it',
      `${fence('python', `print(${second})`)}\nprints ${first}`,
      first,
    ],
    ['the one after an example', `Example: ${second}\n\n${first}`, first],
    ['the one after a value "for instance"', `For instance ${second}.\n${first}`, first],
    ['the one after "e.g."', `e.g. ${second}\n${first}`, first],
    ['the one before an example', `${first}\n\nFor instance, ${second} would mean two.`, first],
    ['the one after its schema', `Schema: {"type": "object"}\n\n${first}`, first],
    [
      'the one that matches a schema',
      `The JSON matching the schema:\n${fence('json', first)}\nwhere {"b":2} may be`,
      first,
    ],
    ['the one after a format that is not JSON', `Output format: {"a": <number>}\n\n${first}`, first],
    ['the one that is announced', `The answer is ${first}. Compare ${second}, say.`, first],
    ['a correction', `${first}\n\nWait, that is wrong. It should be ${second}.`, second],
    ['the last of several sentences', `Here: ${first}. Or ${second}?`, second],
    ['not one that is denied', `${first}, not ${second}`, first],
    ['not one that is replaced', `Use ${first} rather than ${second}.`, first],
    ['none, if the only one is denied', `not ${first}`, ABSTAINS],
    ['not a citation', `${first}, see [1] and [2].`, first],
    ['the one in an answer tag', `${second} <answer>${first}</answer> ${second}`, first],
    ['none, if the answer tag is empty', `<answer></answer> ${first}`, ABSTAINS],
    [
      'a value with a member "answer" as a whole',
      '{"answer":{"a":1},"why":"x"}',
      '{"answer":{"a":1},"why":"x"}',
    ],
    ['none of a list of values', `${first}\n${second}`, ABSTAINS],
    ['a value that is there twice', `${first}\n\n${first}`, first],
    ['none, if the last is cut off', `Draft: ${first}\nFinal: {"a": 2, "b": [`, ABSTAINS],
    [
      'none, if the fence holds a cut one',
      `${fence('json', '{"a": 1, "b": [1, 2')}\nwhere ${second}`,
      ABSTAINS,
    ],
    ['none that is a part of a broken one', '{"a": , "b": {"c": 1}}', ABSTAINS],
    ['the one before another question', `${first}\n\nQuestion: what?\nAnswer: ${second}`, first],
    ['the one before another problem', `${first}\n\nProblem 2: what?\n${second}`, first],
    ['the one after its own question', `Question: what?\n${first}`, first],
    ['the one after its input', `### Input\n${second}\n### Response\n${first}`, first],
    [
      'a value with a question in it',
      '{"a":"x\\n","b":"\\nQuestion: y"}',
      '{"a":"x\\n","b":"\\nQuestion: y"}',
    ],
    ['none in hidden reasoning', `<think>${second}</think>${first}`, first],
    [
      'a string that looks like hidden reasoning',
      '{"html":"<think>x</think>"}',
      '{"html":"<think>x</think>"}',
    ],
    ['a scalar in a fence', `The result:\n${fence('json', '42')}`, '42'],
    ['the empty string', '""', ''],
    ['a member that is empty', '{"answer":""}', '{"answer":""}'],
  ])('%s', (_, text, right) => {
    expect(read(json(text))).toBe(right);
  });
});

describe('schema', () => {
  const number = schema(z.object({ a: z.number() }));
  it.each([
    [
      'a value that fits, not its schema in a fence',
      `${first}\n\nIt fits:\n${fence('json', '{"type":"object"}')}`,
      first,
    ],
    ['a value that fits, not a later one', `${first} and {"b": 1}`, first],
    ['the last of several that fit', `${first}. Or ${second}?`, second],
    ['not one that is denied', `${first} and not ${second}`, first],
    ['not an example', `Example: ${second}\n${first}`, first],
    ['the answer in a wrapper', `{"answer": ${first}, "reason": "x"}`, first],
    ['none of a list of values that fit', `${first}\n${second}`, ABSTAINS],
    ['none, if the last is cut off', `${first}\n{"a": 2,`, ABSTAINS],
    ['a repaired one', "{'a': 1,}", first],
  ])('reads %s', (_, text, right) => {
    expect(read(number(text))).toBe(right);
  });
});
