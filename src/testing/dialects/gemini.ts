import { readContents } from './read-contents.ts';
import {
  finishReasonOf,
  inPieces,
  type ServedAnswer,
  totalTokens,
  type WireDialect,
} from './wire-dialect.ts';

const FINISH_REASONS: Readonly<Record<string, string>> = {
  stop: 'STOP',
  length: 'MAX_TOKENS',
  'content-filter': 'SAFETY',
  // The API has no word of its own for calls of tools.
  'tool-calls': 'STOP',
};

const finishReason = (served: ServedAnswer): string | undefined => FINISH_REASONS[finishReasonOf(served)];

const thought = (text: string): object => ({ text, thought: true });

/** The calls of an answer. The API sends each of them whole. */
const callsOf = ({ toolCalls = [] }: ServedAnswer): readonly object[] =>
  toolCalls.map(({ toolCallId, toolName, input }) => ({
    functionCall: { id: toolCallId, name: toolName, args: input },
  }));

const partsOf = (served: ServedAnswer): readonly object[] => {
  const { reasoning, text, toolCalls } = served;
  return [
    ...(reasoning === undefined ? [] : [thought(reasoning)]),
    ...(text === '' && toolCalls !== undefined ? [] : [{ text }]),
    ...callsOf(served),
  ];
};

const metadata = ({ usage }: ServedAnswer): object => ({
  ...(usage && {
    usageMetadata: {
      promptTokenCount: usage.inputTokens,
      candidatesTokenCount: usage.outputTokens,
      totalTokenCount: totalTokens(usage),
    },
  }),
  modelVersion: 'served',
  responseId: 'response-1',
});

const candidate = (parts: readonly object[], reason?: string): object => ({
  candidates: [
    {
      content: { role: 'model', parts },
      index: 0,
      ...(reason !== undefined && { finishReason: reason }),
    },
  ],
});

const STATUSES: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
};

const error = (code: number, message: string, details: readonly unknown[] = []): unknown => ({
  error: { code, message, status: STATUSES[code] ?? 'UNKNOWN', details },
});

/** The `generateContent` API of Gemini. */
export const gemini: WireDialect = {
  finishReasons: ['stop', 'length', 'content-filter'],
  read: readContents,
  answer: (served) => ({ ...candidate(partsOf(served), finishReason(served)), ...metadata(served) }),
  events: (served) => {
    const pieces = [
      ...inPieces(served.reasoning ?? '').map(thought),
      ...inPieces(served.text).map((text) => ({ text })),
      ...callsOf(served),
    ];
    return pieces.map((piece, index) => ({
      data: JSON.stringify({
        ...candidate([piece], index === pieces.length - 1 ? finishReason(served) : undefined),
        ...metadata(served),
      }),
    }));
  },
  isTerminal: ({ data }) => data.includes('"finishReason"'),
  error: (status, message) => error(status, message),
  errorEvent: { data: JSON.stringify(error(503, 'The model is overloaded')) },
  malformed: {
    'an empty object': {},
    'no object': 'answer',
    null: null,
    'candidates that are null': { candidates: null },
    'no candidate': { candidates: [] },
    'a candidate that is null': { candidates: [null] },
    'no content': { candidates: [{ index: 0, finishReason: 'STOP' }] },
    'no parts': { candidates: [{ content: { role: 'model' }, finishReason: 'STOP' }] },
  },
  rateLimitWithDelay: error(429, 'You exceeded your quota', [
    { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '45.8379s' },
  ]),
  exhausted: error(429, 'You exceeded your quota', [
    {
      '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
      violations: [{ quotaId: 'GenerateRequestsPerDayPerProjectPerModel-FreeTier', quotaValue: '20' }],
    },
    { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '2s' },
  ]),
};
