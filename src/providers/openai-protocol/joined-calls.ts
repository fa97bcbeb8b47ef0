import { isObject } from '../../domain/is-object.ts';
import type { ModelDelta } from '../../domain/model.ts';
import type { ToolCall } from '../../domain/tools.ts';
import { asObject } from '../as-object.ts';
import { argumentsRead } from '../tool-calls.ts';
import type { Fields } from './choices.ts';

/** A call of a tool, as far as it has come. */
interface OpenCall {
  readonly index: unknown;
  id: string | undefined;
  name: string;
  input: string;
}

/** The calls of an answer, joined from their pieces. */
export interface JoinedCalls {
  /** Adds the calls of a message or a delta, and returns the pieces of their arguments. */
  readonly add: (message: unknown) => readonly ModelDelta[];
  readonly isEmpty: () => boolean;
  readonly calls: () => readonly ToolCall[];
}

/**
 * Creates calls without pieces. Pieces belong together by `index`; some servers leave it out, or give it to several calls,
 * which then have ids of their own.
 */
export const createJoinedCalls = (): JoinedCalls => {
  const calls: OpenCall[] = [];
  const callOf = (index: unknown, id: string | undefined): OpenCall => {
    const known =
      typeof index === 'number'
        ? calls.findLast((call) => call.index === index)
        : id === undefined
          ? calls.at(-1)
          : calls.find((call) => call.id === id);
    if (known !== undefined && (id === undefined || known.id === undefined || known.id === id)) return known;
    const call: OpenCall = { index, id, name: '', input: '' };
    calls.push(call);
    return call;
  };
  return {
    add: (message) =>
      piecesIn(message).flatMap(({ index, id, name, input }) => {
        const call = callOf(index, id);
        call.id ??= id;
        call.name ||= name;
        call.input += input;
        return input === ''
          ? []
          : [{ delta: input, kind: 'tool-input' as const, toolCallId: call.id, toolName: call.name }];
      }),
    isEmpty: () => calls.length === 0,
    calls: () =>
      calls.map(({ id, name, input }) => ({
        toolName: name,
        input: argumentsRead(input),
        ...(id !== undefined && { toolCallId: id }),
      })),
  };
};

interface Piece {
  readonly index: unknown;
  readonly id: string | undefined;
  readonly name: string;
  readonly input: string;
}

/** Returns the calls in a message, also the single one of the older form. */
const piecesIn = (message: unknown): readonly Piece[] => {
  const { tool_calls, function_call } = asObject(message);
  if (Array.isArray(tool_calls)) return tool_calls.map(asObject).map(toPiece);
  return isObject(function_call) ? [toPiece({ index: 0, function: function_call })] : [];
};

const toPiece = ({ index, id, function: called, custom }: Fields): Piece => {
  const { name, arguments: input, input: text } = asObject(called ?? custom);
  return {
    index,
    id: typeof id === 'string' && id !== '' ? id : undefined,
    name: typeof name === 'string' ? name : '',
    input: writtenInput(input ?? text),
  };
};

/** Some servers write the arguments as an object. */
const writtenInput = (input: unknown): string =>
  typeof input === 'string' ? input : isObject(input) ? JSON.stringify(input) : '';
