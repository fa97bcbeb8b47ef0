import { describe, expect, it } from 'vitest';
import { abstentionReason } from '../../src/domain/normalizer.ts';
import { boolean } from '../../src/normalizers/boolean.ts';
import { choice } from '../../src/normalizers/choice.ts';
import { json } from '../../src/normalizers/json.ts';
import { lowercaseTrim } from '../../src/normalizers/lowercase-trim.ts';
import { numeric } from '../../src/normalizers/numeric.ts';

const letters = choice(['A', 'B', 'C', 'D']);

const read = (normalize: (text: string) => unknown, text: string): unknown => {
  const answer = normalize(text);
  return abstentionReason(answer) === undefined ? answer : 'abstains';
};

describe('several answers to several parts abstain', () => {
  it.each([
    'Part A: 3\nPart B: 5',
    '(a) 3 (b) 5',
    'First answer: 3\nSecond answer: 5',
    '**Part A**\nThe answer is 3.\n\n**Part B**\nThe answer is 5.',
    '(a) The answer is 3.\n(b) The answer is 5.',
    'For part 1, the answer is 3. For part 2, the answer is 5.',
    'The answer to part A is 3, and the answer to part B is 5.',
    'Teil a): Die Antwort ist 3.\nTeil b): Die Antwort ist 5.',
    'Partie A : la réponse est 3.\nPartie B : la réponse est 5.',
    '\\boxed{3} for part (a) and \\boxed{5} for part (b)',
    '(a) \\boxed{3}\n(b) \\boxed{5}',
  ])('%j', (text) => {
    expect(read(numeric, text)).toBe('abstains');
  });

  it.each(['Part A: B\nPart B: C', '(i) The answer is B.\n(ii) The answer is C.', 'Q1: B\nQ2: C'])(
    '%j',
    (text) => {
      expect(read(letters, text)).toBe('abstains');
    },
  );

  it.each([
    '- {"a": 1}\n- {"a": 2}',
    '1. {"a": 1}\n2. {"a": 2}',
    '(a) {"a": 1}\n(b) {"a": 2}',
    'Part A: {"a": 1}\nPart B: {"a": 2}',
  ])('%j', (text) => {
    expect(read(json, text)).toBe('abstains');
  });

  it.each([
    ['Part A: 3\nPart B: 5\nFinal answer: 8', 8],
    ['(a) The answer is 3.\n(b) The answer is 5.\nIn all, the answer is 8.', 8],
    ['(a) The answer is 8.\n(b) The answer is 8.', 8],
    ['(a) \\boxed{3}\n(b) \\boxed{5}\nSum: \\boxed{8}', 8],
    ['In part 1, the result is 3. Then the answer is 8.', 8],
  ])('%j is %d', (text, answer) => {
    expect(read(numeric, text)).toBe(answer);
  });
});

describe('an item below the heading of the answer', () => {
  it.each([
    '## Answer\n\n1. 7',
    '## Answer\n1) 7',
    '### Final Answer\n\n1. **7**',
    'Answer:\n1. 7',
    '- **Answer:**\n 7',
    '* Answer:\n  7',
    '### Answer:\n\n- 7',
    '> **Answer:** 7',
    '1. **Answer:** 7',
  ])('%j is 7', (text) => {
    expect(read(numeric, text)).toBe(7);
  });

  it.each(['## Answer\n\n1. 7\n2. 8', '## Answer\n\n1. Add 3 and 4.\n2. Get 7.'])('%j abstains', (text) => {
    expect(read(numeric, text)).toBe('abstains');
  });
});

describe('tags written with entities are tags', () => {
  it.each([
    '&lt;answer&gt;42&lt;/answer&gt;',
    'It is 7. &lt;answer&gt;42&lt;/answer&gt;',
    '&lt;final_answer&gt;42&lt;/final_answer&gt;',
    '&lt;ANSWER&gt;42&lt;/ANSWER&gt;',
    '&lt;think&gt;7?&lt;/think&gt;42',
    '&lt;think&gt;the answer is 7&lt;/think&gt;The answer is 42',
    '&lt;reasoning&gt;the answer is 7&lt;/reasoning&gt; 42',
    '&lt;analysis&gt;7&lt;/analysis&gt;&lt;answer&gt;42&lt;/answer&gt;',
  ])('%j is 42', (text) => {
    expect(read(numeric, text)).toBe(42);
  });

  it('abstains from reasoning that never ends', () => {
    expect(read(numeric, '&lt;think&gt;the answer is 42')).toBe('abstains');
  });

  it('leaves other entities as they are', () => {
    expect(read(lowercaseTrim, 'x &lt; y, &lt;b&gt;')).toBe('x &lt; y, &lt;b&gt;');
  });
});

describe('hidden reasoning in other spellings does not leak', () => {
  it.each([
    'internal',
    'analysis',
    'thought',
    'reflection',
    'self_reflection',
    'inner_monologue',
    'monologue',
    'thought_process',
    'thinking-process',
    'reasoning_steps',
    'rationale',
    'planning',
    'draft',
    'hidden',
    'mm:think',
  ])('<%s>', (tag) => {
    expect(read(numeric, `<${tag}>the answer is 42</${tag}>43`)).toBe(43);
    expect(read(letters, `<${tag}>\nthe answer is B\n</${tag}>\nThe answer is C.`)).toBe('C');
    expect(read(numeric, `<${tag}>the answer is 42`)).toBe('abstains');
  });

  it('reads the tokens of Gemma', () => {
    expect(read(numeric, '<unused94>thought\nthe answer is 42<unused95>43')).toBe(43);
  });
});

describe('announcements with words between', () => {
  it.each([
    'The answer to 6*7 is 42',
    'The answer to 6 × 7 is 42.',
    'The answer to "What is 6*7?" is 42',
    'The answer to the question “How much is it?” is 42.',
    'The answer is, of course, 42',
    'The answer is, naturally, 42.',
    'The answer, of course, is 42.',
    'Die Antwort ist, natürlich, 42.',
    'La respuesta es, por supuesto, 42.',
    'Answer (3 significant figures): 42.0',
    'Answer (in cm): 42',
    'Answer (to 2 decimal places): 42.00',
    'Odpowiedź to 42',
  ])('%j is 42', (text) => {
    expect(read(numeric, text)).toBe(42);
  });

  it.each([
    'The mass of the solution (30% by weight) is 30 g per unit, so we cannot tell.',
    'The answers to the previous questions are 3, 4 and 5.',
    'The solution to this problem requires steps, which are 3 in number.',
  ])('%j is no answer', (text) => {
    expect(read(numeric, text)).toBe('abstains');
  });

  it.each([
    ['答案是“是”。', true],
    ['答案是「是」。', true],
    ['答案：是', true],
    ['答案是：是的。', true],
    ['答案是“否”。', false],
    ['Judgement: incorrect', false],
    ['Judgment: correct', true],
    ['**Judgment:** Correct.', true],
  ])('%j is %j', (text, answer) => {
    expect(read(boolean, text)).toBe(answer);
  });
});

describe('an option that is called right', () => {
  it.each([
    'Antwort B ist richtig',
    'Option B ist korrekt.',
    'La réponse B est correcte.',
    'La opción B es correcta.',
    'A resposta B está correta.',
    'La risposta B è corretta.',
    '选项B正确。',
    'While A seems right, B is correct',
    'Although A looks right, B is correct.',
    'A seems right, but B is correct.',
    'A looks plausible, but B is correct.',
  ])('%j is B', (text) => {
    expect(read(letters, text)).toBe('B');
  });
});

describe('check marks and crosses', () => {
  it.each([
    ['✔️ Yes', true],
    ['✅ Yes', true],
    ['✅', true],
    ['✔️', true],
    ['❌', false],
    ['✘ no', false],
    ['❌ No', false],
    ['❌ Incorrect', false],
    ['❌ Yes', 'abstains'],
  ])('%j is %j', (text, answer) => {
    expect(read(boolean, text)).toBe(answer);
  });

  it.each([
    ['✅ C', 'C'],
    ['✅ **C**', 'C'],
    ['❌ B\n✅ C', 'C'],
    ['✅ C\n❌ B', 'C'],
    ['❌ B, ✅ C', 'C'],
    ['A ❌\nB ❌\nC ✅\nD ❌', 'C'],
    ['❌ B', 'abstains'],
    ['B ❌', 'abstains'],
  ])('%j is %s', (text, answer) => {
    expect(read(letters, text)).toBe(answer);
  });

  it.each([
    ['✅ 42', 42],
    ['✅ The answer is 42', 42],
    ['❌ The answer is 42', 'abstains'],
  ])('%j is %j', (text, answer) => {
    expect(read(numeric, text)).toBe(answer);
  });
});

describe('the outermost answer of JSON counts', () => {
  it.each([
    '{"answer": 42, "alternatives": [{"answer": 7}]}',
    '{"answer": 42, "steps": {"answer": 7}}',
    '{"answer": 42, "a": {"answer": 7}, "b": [{"c": {"answer": 8}}]}',
    '{"answer": "42", "critique": "not {", "rejected": {"answer": "7"}}',
    '{"details": {"answer": 7}, "answer": 42}',
    '{"steps": [{"answer": 3}, {"answer": 7}], "answer": 42}',
    'Here it is: {"answer": 42, "critique": {"answer": 41}} Done.',
    '```json\n{"answer": 42, "alternative": {"answer": 7}}\n```',
    '{"answer": 42, "alternatives": [{"answer": 7}',
    '{"answer": 7} Wait: {"answer": 42}',
    '{"answer": 7\n\n{"answer": 42}',
  ])('%j is 42', (text) => {
    expect(read(numeric, text)).toBe(42);
  });
});

describe('several objects of one array', () => {
  it.each([
    '[{"answer": 42}, {"answer": 43}]',
    '{"results": [{"id": 1, "answer": 42}, {"id": 2, "answer": 43}]}',
    '[{"answer": "42", "why": "x"},\n{"why": "y", "answer": "43"}]',
  ])('%j abstains', (text) => {
    expect(read(numeric, text)).toBe('abstains');
  });

  it.each(['[{"answer": 42}, {"answer": 42}]', '[{"answer": 42}]', '[ANSWER] 42 [/ANSWER]'])(
    '%j is 42',
    (text) => {
      expect(read(numeric, text)).toBe(42);
    },
  );
});

describe('a text that answers, and runs on with a question of its own', () => {
  it.each([
    'B\n\nQuestion: What is the capital?\nAnswer: C',
    'B\n\nQ: What is next?\nA: C',
    '(B)\n\nQuestion 2: Which?\nThe answer is C.',
    'B.\n\nQuestion: next\nA. x\nB. y\nAnswer: A',
    'B\n\nUser: next question\nAssistant: C',
    'B\n###\nQuestion: next\nAnswer: C',
  ])('%j is B', (text) => {
    expect(read(letters, text)).toBe('B');
  });

  it.each([
    [numeric, '5\n\nQuestion: 3+4?\nAnswer: 7', 5],
    [numeric, '5\n\nQ: 3+4?\nA: 7', 5],
    [boolean, 'Yes\n\nQuestion: is 4 prime?\nAnswer: No', true],
    [boolean, 'Yes.\n\nQ: is 4 prime?\nA: No', true],
    [lowercaseTrim, 'Paris\n\nQuestion: Capital of Italy?\nAnswer: Rome', 'paris'],
    [lowercaseTrim, 'New York\n\nQ: Capital of Italy?\nA: Rome', 'new york'],
    [letters, 'Question: which one?\nAnswer: C', 'C'],
    [letters, 'Let me restate.\nQuestion: which?\nAnswer: C', 'C'],
    [lowercaseTrim, 'Sure!\n\nQuestion: Capital of Italy?\nAnswer: Rome', 'rome'],
    [boolean, 'Sure.\n\nQuestion: is 4 prime?\nAnswer: No', false],
    [numeric, 'Example 1\n\nQuestion: 3+4?\nAnswer: 7', 7],
  ] as const)('%o reads %j as %j', (normalize, text, answer) => {
    expect(read(normalize, text)).toBe(answer);
  });
});
