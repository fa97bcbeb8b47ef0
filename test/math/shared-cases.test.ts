import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { answerKey } from '../../src/domain/answer-key.ts';
import { abstentionReason } from '../../src/domain/normalizer.ts';
import { math, mathKey } from '../../src/math/math.ts';

interface Case {
  readonly kind: string;
  readonly text: string;
  /** The answer in plain notation, or ABSTAIN. */
  readonly right: string;
  readonly sameAs?: string;
  readonly differentFrom?: string;
}

const file = fileURLToPath(new URL('../../../shared/cases/math.jsonl', import.meta.url));

const cases = existsSync(file)
  ? readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Case)
  : [];

const keyOf = (text: string): string | undefined => {
  const answer = math()(text);
  return abstentionReason(answer) === undefined ? answerKey(answer) : undefined;
};

describe.skipIf(cases.length === 0)(
  'the shared cases are read right (skipped if ../shared is missing)',
  () => {
    it.each(cases.map((one) => [one.kind, one.text.slice(-200), one] as const))(
      '%s: %j',
      (_kind, _text, one) => {
        const key = keyOf(one.text);
        expect(key).toBe(one.right === 'ABSTAIN' ? undefined : mathKey(one.right));
        if (one.right !== 'ABSTAIN') expect(key).toBeDefined();
        if (one.sameAs !== undefined) expect(keyOf(one.sameAs)).toBe(key);
        if (one.differentFrom !== undefined) expect(keyOf(one.differentFrom)).not.toBe(key);
      },
    );
  },
);
