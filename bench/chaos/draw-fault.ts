import { openaiChat } from '../../src/testing/dialects/openai-chat.ts';
import {
  body,
  cutJson,
  delayed,
  eventStream,
  html,
  json,
  type Reply,
  reset,
  type ServedAnswer,
  stalledBody,
  stalledHeaders,
} from '../../src/testing/testing.ts';

/** What a request meets, and what a client must make of it. */
export interface Fault {
  readonly kind: Kind;
  /** The name of the error that it is; none where it is an answer, or nothing ever comes. */
  readonly errorName: RegExp | undefined;
  readonly served: ServedAnswer & {
    readonly usage: { readonly inputTokens: number; readonly outputTokens: number };
  };
  readonly reply: (isStream: boolean) => Reply;
}

/** How often each kind is drawn, out of a thousand. */
const KINDS = {
  answer: 715,
  'slow answer': 50,
  '429': 40,
  '429 with a hint': 30,
  '500': 40,
  '503 with a hint': 10,
  hang: 5,
  'stalled body': 5,
  malformed: 35,
  'cut short': 30,
  reset: 30,
  '400': 5,
  '401': 5,
} as const;

export type Kind = keyof typeof KINDS;

const ERROR_NAMES: Readonly<Record<Kind, RegExp | undefined>> = {
  answer: undefined,
  'slow answer': undefined,
  '429': /^RateLimitError$/,
  '429 with a hint': /^RateLimitError$/,
  '500': /^ProviderError$/,
  '503 with a hint': /^ProviderError$/,
  hang: undefined,
  'stalled body': undefined,
  malformed: /^MalformedResponseError$/,
  'cut short': /^(MalformedResponseError|ConnectionError)$/,
  reset: /^ConnectionError$/,
  '400': /^InvalidRequestError$/,
  '401': /^AuthenticationError$/,
};

/** One moment, told as the date of a reply and as the date to wait for: 0 ms, whatever the clock here says. */
const DATE = 'Fri, 27 Nov 2026 10:00:00 GMT';

const HINTS: readonly Readonly<Record<string, string>>[] = [
  { 'retry-after-ms': '3' },
  { 'retry-after-ms': '12' },
  { 'retry-after': '0.005' },
  { 'retry-after': '0' },
  { 'retry-after': '-1' },
  { 'retry-after': 'NaN' },
  { 'retry-after': DATE, date: DATE },
  {
    'retry-after-ms': '4',
    'x-ratelimit-limit-requests': '500',
    'x-ratelimit-remaining-requests': '0',
    'x-ratelimit-reset-requests': '8ms',
  },
];

const ROOMY = {
  'x-ratelimit-limit-requests': '5000',
  'x-ratelimit-remaining-requests': '4000',
  'x-ratelimit-reset-requests': '200ms',
};

/** Numbers from 0 to 1 that depend on a text and nothing else (FNV-1a, then mulberry32). */
const numbersFrom = (text: string): (() => number) => {
  let state = 0x811c9dc5;
  for (const character of text) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** What the request of this name meets; the same for the same seed and name, in whatever order requests come. */
export const drawFault = (seed: number, id: string): Fault => {
  const next = numbersFrom(`${seed}:${id}`);
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(next() * items.length)] as Item;
  const kind = drawKind(next());
  const served = {
    text: next() < 0.8 ? 'It is 4.' : 'It is 5.',
    usage: { inputTokens: 5 + Math.floor(next() * 20), outputTokens: 1 + Math.floor(next() * 10) },
  };
  const latencyMs = kind === 'slow answer' ? 15 + next() * 45 : next() * 4;
  const hint = pick(HINTS);
  const headers: Record<string, string> = next() < 0.5 ? ROOMY : {};
  const malformed = pick([
    html(),
    cutJson(openaiChat.answer(served)),
    json({}),
    body(''),
    json({ choices: null }),
  ]);
  const cutAt = next();

  const refused = (status: number, more: Readonly<Record<string, string>> = {}): Reply =>
    json(openaiChat.error(status, 'no'), { status, headers: more });
  const replyTo = (isStream: boolean): Reply => {
    switch (kind) {
      case 'answer':
      case 'slow answer':
        return isStream
          ? eventStream(openaiChat.events(served), { splitEvery: 64, headers })
          : json(openaiChat.answer(served), { headers });
      case '429':
        return refused(429);
      case '429 with a hint':
        return refused(429, hint);
      case '500':
        return refused(500);
      case '503 with a hint':
        return refused(503, { 'retry-after-ms': '2' });
      case 'hang':
        return stalledHeaders();
      case 'stalled body':
        return isStream
          ? eventStream(openaiChat.events(served).slice(0, 2), { ending: 'stall' })
          : stalledBody(openaiChat.answer(served), 9);
      case 'malformed':
        return malformed;
      case 'cut short':
        return isStream
          ? eventStream(openaiChat.events(served).slice(0, 2), { ending: cutAt < 0.5 ? 'end' : 'reset' })
          : reset(openaiChat.answer(served), 1 + Math.floor(cutAt * 60));
      case 'reset':
        return reset();
      default:
        return refused(Number(kind));
    }
  };
  return {
    kind,
    errorName: ERROR_NAMES[kind],
    served,
    reply: (isStream) => delayed(latencyMs, replyTo(isStream)),
  };
};

const TOTAL = Object.values(KINDS).reduce((sum, share) => sum + share, 0);

const drawKind = (drawn: number): Kind => {
  let left = drawn * TOTAL;
  for (const [kind, share] of Object.entries(KINDS)) {
    left -= share;
    if (left < 0) return kind as Kind;
  }
  return 'answer';
};
