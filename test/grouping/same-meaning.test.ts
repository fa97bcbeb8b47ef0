import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { abstentionReason } from '../../src/domain/normalizer.ts';
import { byContent } from '../../src/grouping/by-content.ts';
import { text } from '../../src/normalizers/text.ts';
import { grouped } from './grouped.ts';

interface Case {
  readonly question: string;
  readonly first: string;
  readonly second: string;
  readonly right: 'same' | 'different' | 'abstain';
  readonly kind: string;
  /** What a verdict needs besides the texts. */
  readonly needs?: string;
}

const file = fileURLToPath(new URL('../../../shared/cases/same-meaning.jsonl', import.meta.url));

const cases = existsSync(file)
  ? readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Case)
      .filter(({ needs }) => needs === undefined)
  : [];

const read = text({ case: 'keep', refusals: 'abstain' });

const verdictOn = ({ question, first, second }: Case): Case['right'] => {
  const answers = [first, second].map(read);
  if (answers.every((answer) => abstentionReason(answer) !== undefined)) return 'abstain';
  return grouped(byContent(), question, answers).length === 1 ? 'same' : 'different';
};

describe.skipIf(cases.length === 0)(
  'byContent, on the shared pairs of answers (skipped if ../shared is missing)',
  () => {
    it.each(cases.map((one) => [one.kind, one.first, one.second, one] as const))(
      '%s: %j and %j',
      (_kind, _first, _second, one) => {
        expect(verdictOn(one)).toBe(one.right);
      },
    );
  },
);
