import { formOf, withForm } from '../../domain/answer-form.ts';
import { isArray } from '../../domain/foreign.ts';
import { abstentionReason } from '../../domain/normalizer.ts';
import { type ModelRequest, mayCallTools } from '../../domain/request.ts';
import type { ToolCall } from '../../domain/tools.ts';
import { toolCalls } from '../../normalizers/tool-calls.ts';

const read = toolCalls();

/**
 * Returns the fault of expected calls of tools: they must fit the tools of their question. Gives them the key of the votes for
 * them, so that they are right in any spelling. Does nothing for any other expected answer.
 */
export const expectedCallsFaults = (expected: unknown, query: ModelRequest): readonly string[] => {
  if (!isArray(expected) || !mayCallTools(query) || formOf(expected) !== undefined) return [];
  const response = { text: NO_CALL, toolCalls: expected as readonly ToolCall[] };
  const answer = read(NO_CALL, { query, response });
  const form = formOf(answer);
  if (form === undefined)
    return [`"expected" has a call that no answer can make: ${abstentionReason(answer)}`];
  withForm(expected, form);
  return [];
};

/** The text of a model that calls nothing. */
const NO_CALL = 'no call';
