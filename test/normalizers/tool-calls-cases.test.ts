import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { answerKey } from '../../src/domain/answer-key.ts';
import { abstentionReason } from '../../src/domain/normalizer.ts';
import type { RequestTool } from '../../src/domain/tools.ts';
import { type ToolCallsOptions, toolCalls } from '../../src/normalizers/tool-calls.ts';

interface Answer {
  readonly text?: string;
  readonly calls: readonly { readonly name: string; readonly arguments: unknown }[];
}

interface Case {
  readonly kind: string;
  readonly a: Answer;
  readonly b?: Answer;
  readonly verdict: 'same ballot' | 'different' | 'abstains' | 'no call' | 'counts';
  readonly options?: ToolCallsOptions;
}

const file = fileURLToPath(new URL('../../../shared/cases/tool-calls.jsonl', import.meta.url));
const [first, ...lines] = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
const { tools: declared } = JSON.parse(first ?? '{"tools":[]}') as {
  readonly tools: readonly { readonly name: string; readonly parameters: RequestTool['inputSchema'] }[];
};
const tools = Object.fromEntries(declared.map(({ name, parameters }) => [name, { inputSchema: parameters }]));
const query = { prompt: '?', messages: [{ role: 'user' as const, content: '?' }], tools };

/** The key of an answer, or that it abstains. */
const keyOf = ({ text = '', calls }: Answer, options: ToolCallsOptions | undefined): string => {
  const made = calls.map((call) => ({ toolName: call.name, input: call.arguments }));
  const answer = toolCalls(options)(text, { query, response: { text, toolCalls: made } });
  return abstentionReason(answer) === undefined ? answerKey(answer) : 'abstains';
};

const verdictOf = ({ a, b, options }: Case): readonly string[] => {
  const [one, other] = [a, b].map((answer) => answer && keyOf(answer, options));
  if (one === 'abstains' || other === 'abstains') return ['abstains'];
  if (other !== undefined) return [one === other ? 'same ballot' : 'different'];
  return one === 'no call' ? ['no call', 'counts'] : ['counts'];
};

describe.skipIf(lines.length === 0)(
  'the shared cases of tool calls get their verdicts (skipped if ../shared is missing)',
  () => {
    it.each(
      lines
        .map((line) => JSON.parse(line) as Case)
        .map((each) => [each.kind, JSON.stringify(each.a), each] as const),
    )('%s: %s', (_kind, _answer, each) => {
      expect(verdictOf(each)).toContain(each.verdict);
    });
  },
);
