import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { answerKey } from '../../src/domain/answer-key.ts';
import { abstentionReason } from '../../src/domain/normalizer.ts';
import { choice } from '../../src/normalizers/choice.ts';
import { namedNormalizers } from '../../src/normalizers/normalizers.ts';
import { schema } from '../../src/normalizers/schema.ts';

interface Case {
  readonly normalizer: keyof typeof namedNormalizers | 'choice' | 'schema';
  readonly options?: readonly string[];
  readonly text: string;
  readonly right: string;
  readonly also?: readonly string[];
}

const file = fileURLToPath(new URL('../../../shared/cases/answers.jsonl', import.meta.url));

const cases = existsSync(file)
  ? readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Case)
  : [];

const normalizerOf = ({ normalizer, options = [] }: Case): ((text: string) => unknown) => {
  if (normalizer === 'choice') return choice(options);
  return normalizer === 'schema' ? schema(z.object({ a: z.number() })) : namedNormalizers[normalizer];
};

const unquoted = (key: string): string => key.replace(/^"(.*)"$/, '$1');

describe.skipIf(cases.length === 0)(
  'the shared cases are read right (skipped if ../shared is missing)',
  () => {
    it.each(cases.map((one) => [one.normalizer, one.text, one] as const))('%s: %j', (_name, text, one) => {
      const answer = normalizerOf(one)(text);
      const read = abstentionReason(answer) === undefined ? unquoted(String(answerKey(answer))) : 'ABSTAIN';
      expect([one.right, ...(one.also ?? [])].map(unquoted)).toContain(read);
    });
  },
);
