import { describe, expect, it } from 'vitest';
import { abstentionReason } from '../../src/domain/normalizer.ts';
import { withoutReasoning } from '../../src/normalizers/reading/hidden-reasoning.ts';

describe('withoutReasoning leaves what the reader is meant to see', () => {
  it.each([
    ['Paris', 'Paris'],
    ['<think>5 or 6</think>7', '7'],
    ['<THINK>5 or 6</THINK>7', '7'],
    ['<think budget="3">5</think>7', '7'],
    ['<thinking>\n5\n</thinking>\n\n7', '\n\n7'],
    ['<think>5</thinking>7', '7'],
    ['<reasoning>5</reasoning>7', '7'],
    ['<scratchpad>5</scratchpad>7', '7'],
    ['<scratch_pad>5</scratch_pad>7', '7'],
    ['<reflection>5</reflection>7', '7'],
    ['<analysis>5</analysis>7', '7'],
    ['<thought>5</thought>7', '7'],
    ['<inner_monologue>5</inner_monologue>7', '7'],
    ['<inner-thoughts>5</inner-thoughts>7', '7'],
    ['<internal_reasoning>5</internal_reasoning>7', '7'],
    ['<antThinking>5</antThinking>7', '7'],
    ['<chain_of_thought>5</chain_of_thought>7', '7'],
    ['<seed:think>5</seed:think>7', '7'],
    ['[THINK]5[/THINK]7', '7'],
    ['\u25c1think\u25b75\u25c1/think\u25b77', '7'],
    ['<|begin_of_thought|>5<|end_of_thought|>7', '7'],
    ['<|START_THINKING|>5<|END_THINKING|>7', '7'],
    ['It could be 5.</think>7', '7'],
    ['<think>a</think>\n<think>b</think>7', '\n7'],
    ['<think>a</think>6 <think>b</think>7', '6 7'],
    ['7 <reflection>fine</reflection>', '7 '],
    ['<think>a<think>b</think>c</think>7', '7'],
    ['<think>\n<think>\na</think>7', '7'],
    ['<think>a <reflection>b</reflection> c</think>7', '7'],
    ['<think>I use <think> to think.</think>7', '7'],
    ['7\n<think>Is that so?', '7\n'],
    ['<|channel|>analysis<|message|>5?<|end|><|start|>assistant<|channel|>final<|message|>7<|return|>', '7'],
    ['<|start|>assistant<|channel|>final<|message|>7', '7'],
    ['analysisWe add 3 and 4.assistantfinal7', '7'],
    ['Put it into the <think> tag.', 'Put it into the <think> tag.'],
    ['Models close with `</think>`. So 7.', 'Models close with `</think>`. So 7.'],
    ['The "<think>" and "</think>" of it', 'The "<think>" and "</think>" of it'],
    ['a <think> in passing', 'a <think> in passing'],
    ['analysis of 5 samples', 'analysis of 5 samples'],
    ['if a <thinks> b', 'if a <thinks> b'],
    ['x[thinking_index]', 'x[thinking_index]'],
  ])('%j: %j', (text, visible) => {
    expect(withoutReasoning(text)).toBe(visible);
  });

  it.each([
    '<think>5 or 6. The answer is 6.',
    '<thinking budget=3>\n5 or 6',
    '\n<reasoning>5',
    '[THINK]5',
    '<think>a <reflection>b</reflection> The answer is 6.',
    '<think>a\n<think>b</think> The answer is 6.',
    '<|channel|>analysis<|message|>5 or 6? The answer is 6.',
  ])('abstains from %j, which ends within it', (text) => {
    expect(abstentionReason(withoutReasoning(text))).toMatch(/ends within .* is never closed/);
  });

  it.each(['<thinking>7 or 8? 8.</thinking>', '7</think>\n', '[THINK]5[/THINK]'])(
    'abstains from %j, which is nothing else',
    (text) => {
      expect(abstentionReason(withoutReasoning(text))).toMatch(/nothing follows/);
    },
  );

  it('reads what follows 500 blocks, and nothing with more than 1,000 tags', () => {
    expect(withoutReasoning(`${'<think>x</think>'.repeat(500)}7`)).toBe('7');
    expect(abstentionReason(withoutReasoning(`${'<think>x</think>'.repeat(501)}7`))).toContain('1000 tags');
  });
});
