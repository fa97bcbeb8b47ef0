import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { answerKey } from '../../src/answer-key.ts';
import { abstentionReason, type Normalizer } from '../../src/normalizer.ts';
import { boolean } from '../../src/normalizers/boolean.ts';
import { choice } from '../../src/normalizers/choice.ts';
import { numeric } from '../../src/normalizers/numeric.ts';

interface RecordedQuestion {
  readonly expected: string;
  readonly responses: readonly { readonly model: string; readonly text: string }[];
}

interface Reference {
  readonly n: number;
  readonly single: Readonly<Record<string, number>>;
  readonly plurality: number;
}

const data = new URL('../../../shared/data/', import.meta.url);
const missing = !existsSync(new URL('reference.json', data));

const letters = choice(['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J']);
const numbers = choice(['1', '2', '3', '4', '5', '6']);

const suites: readonly (readonly [set: string, normalizer: string, normalize: Normalizer])[] = [
  ['gsm8k-zeroeval-8peers', 'numeric', numeric],
  ['farel-8models', 'numeric', numeric],
  ['farel-8models', 'choice', numbers],
  ['mmlu-pro-9models-2k', 'choice', letters],
  ['prime-llmdrift-4models', 'boolean', boolean],
];

describe('recorded answers of real models', () => {
  it.for(suites)(
    '%s read by %s score within half a percentage point of the reference',
    ([set, _name, normalize], context) => {
      context.skip(missing, 'the recorded answers are not in ../shared/data, beside the repository');
      const reference = (
        JSON.parse(readFileSync(new URL('reference.json', data), 'utf8')) as Record<string, Reference>
      )[set];
      if (reference === undefined) throw new Error(`reference.json does not know ${set}`);
      const { single, plurality } = score(recorded(set), normalize);
      const tolerance = 0.005 * reference.n;

      expect([...single.keys()].sort()).toStrictEqual(Object.keys(reference.single).sort());
      for (const [model, correct] of Object.entries(reference.single)) {
        expect(Math.abs((single.get(model) ?? 0) - correct), model).toBeLessThanOrEqual(tolerance);
      }
      expect(Math.abs(plurality - reference.plurality), 'plurality').toBeLessThanOrEqual(tolerance);
    },
  );
});

const recorded = (set: string): RecordedQuestion[] =>
  gunzipSync(readFileSync(new URL(`${set}.jsonl.gz`, data)))
    .toString('utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as RecordedQuestion);

/** Correct answers per model and of the plurality; a tie goes to the answer that was given first. */
function score(questions: readonly RecordedQuestion[], normalize: Normalizer) {
  const single = new Map<string, number>();
  let plurality = 0;
  for (const { expected, responses } of questions) {
    const votes = new Map<string, number>();
    for (const { model, text } of responses) {
      const answer = normalize(text);
      const abstains = answer === undefined || answer === null || abstentionReason(answer) !== undefined;
      const key = abstains ? undefined : keyOf(answer);
      if (key !== undefined) votes.set(key, (votes.get(key) ?? 0) + 1);
      single.set(model, (single.get(model) ?? 0) + (key === expected ? 1 : 0));
    }
    const most = Math.max(...votes.values());
    const winner = [...votes.keys()].find((key) => votes.get(key) === most);
    if (winner === expected) plurality++;
  }
  return { single, plurality };
}

/** The recorded right answers spell booleans as yes and no. */
const keyOf = (answer: unknown): string =>
  typeof answer === 'boolean' ? (answer ? 'yes' : 'no') : answerKey(answer);
