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

/** What a request meets, what a client must make of it, and what the provider bills for it. */
export interface Fault {
  readonly kind: Kind;
  /** The name of the error that it is; none where it is an answer, or nothing ever comes. */
  readonly errorName: RegExp | undefined;
  readonly served: ServedAnswer & {
    readonly usage: { readonly inputTokens: number; readonly outputTokens: number };
  };
  readonly reply: (isStream: boolean) => Reply;
  /** Whether the reply has the usage that is billed. */
  readonly hasUsage: boolean;
  /**
   * The tokens that are billed, whether or not the reply arrives: those of the usage, or of an answer up to the limit of
   * the request. None for a refusal.
   */
  readonly billed: (limit: number) => { readonly inputTokens: number; readonly outputTokens: number };
}

/** How often each kind is drawn, out of a thousand. */
const KINDS = {
  answer: 535,
  'slow answer': 50,
  'answer, open after its end': 20,
  'answer, more after its end': 20,
  'answer, reasons that are none': 20,
  'answer, a reason in each piece': 20,
  'answer, an unknown reason': 10,
  'answer, cut off': 10,
  'answer, odd usage': 20,
  'answer, no usage': 20,
  'error within a 200': 20,
  'lost after the reason': 20,
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

const ERROR_NAMES: Readonly<Partial<Record<Kind, RegExp>>> = {
  'error within a 200': /^(ProviderError|RateLimitError|InvalidRequestError|ModelError)$/,
  'lost after the reason': /^(MalformedResponseError|ConnectionError)$/,
  '429': /^RateLimitError$/,
  '429 with a hint': /^RateLimitError$/,
  '500': /^ProviderError$/,
  '503 with a hint': /^ProviderError$/,
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
  const writtenShare = next();
  const shape = shapeOf(kind, pick);

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
      case 'answer, open after its end':
      case 'answer, more after its end':
      case 'answer, reasons that are none':
      case 'answer, a reason in each piece':
      case 'answer, an unknown reason':
      case 'answer, cut off':
      case 'answer, odd usage':
      case 'answer, no usage':
      case 'lost after the reason':
        return isStream ? shaped(served, shape) : shapedWhole(served, shape);
      case 'error within a 200':
        return isStream
          ? eventStream([...openaiChat.events(served).slice(0, 2), openaiChat.errorEvent])
          : json(openaiChat.error(429, 'no'));
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
    hasUsage: kind.includes('answer') && !kind.endsWith('usage'),
    billed: (limit) => {
      if (/^4/.test(kind)) return { inputTokens: 0, outputTokens: 0 };
      if (kind.includes('answer') && kind !== 'answer, no usage' && kind !== 'answer, odd usage') {
        return served.usage;
      }
      // What broke may have been generated up to the limit.
      const outputTokens = Math.ceil(writtenShare * limit);
      return { inputTokens: served.usage.inputTokens, outputTokens };
    },
  };
};

/** How the reply of an answer differs from the plain one. */
interface Shape {
  /** The finish reason of each piece but the last, and of the last. */
  readonly reasons: readonly [within: string | null, last: string | null];
  readonly usage: 'reported' | 'odd' | 'missing';
  readonly ending: 'end' | 'stall' | 'more' | 'lost';
}

const PLAIN: Shape = { reasons: [null, 'stop'], usage: 'reported', ending: 'end' };

const shapeOf = (kind: Kind, pick: <Item>(items: readonly Item[]) => Item): Shape => {
  switch (kind) {
    case 'answer, open after its end':
      return { ...PLAIN, ending: 'stall' };
    case 'answer, more after its end':
      return { ...PLAIN, ending: 'more' };
    case 'answer, reasons that are none':
      return { ...PLAIN, reasons: [pick(['', 'null', 'FINISH_REASON_UNSPECIFIED', null]), 'stop'] };
    case 'answer, a reason in each piece':
      return { ...PLAIN, reasons: ['stop', 'stop'] };
    case 'answer, an unknown reason':
      return { ...PLAIN, reasons: [null, pick(['on strike', 'SOMETHING_NEW'])] };
    case 'answer, cut off':
      return {
        ...PLAIN,
        reasons: [null, pick(['length', 'max_tokens', 'MAX_TOKENS', 'content_filter', 'SAFETY'])],
      };
    case 'answer, odd usage':
      return { ...PLAIN, usage: 'odd' };
    case 'answer, no usage':
      return { ...PLAIN, usage: 'missing' };
    case 'lost after the reason':
      return { ...PLAIN, ending: 'lost' };
    default:
      return PLAIN;
  }
};

const usageIn = ({ usage, text }: Fault['served'], shape: Shape): ServedAnswer => {
  if (shape.usage === 'missing') return { text };
  return shape.usage === 'odd'
    ? { text, usage: { inputTokens: -usage.inputTokens, outputTokens: 'many' } }
    : { text, usage };
};

const shaped = (served: Fault['served'], shape: Shape): Reply => {
  const [within, last] = shape.reasons;
  const events = openaiChat.events(usageIn(served, shape)).map(({ data }) => ({
    data: data
      .replace('"finish_reason":null', `"finish_reason":${JSON.stringify(within)}`)
      .replace(/"delta":\{\},"finish_reason":"stop"/, `"delta":{},"finish_reason":${JSON.stringify(last)}`),
  }));
  if (shape.ending === 'stall') return eventStream(events, { ending: 'stall' });
  if (shape.ending === 'more') {
    return eventStream([...events, ...openaiChat.events({ text: ' And more.' })], { ending: 'reset' });
  }
  if (shape.ending === 'lost') {
    const reason = events.findIndex(({ data }) => data.includes('"finish_reason":"stop"'));
    return eventStream(events.slice(0, reason + 1), { ending: 'reset' });
  }
  return eventStream(events, { splitEvery: 64 });
};

const shapedWhole = (served: Fault['served'], shape: Shape): Reply => {
  const answer = JSON.stringify(openaiChat.answer(usageIn(served, shape)));
  const [, last] = shape.reasons;
  const text = answer.replace('"finish_reason":"stop"', `"finish_reason":${JSON.stringify(last)}`);
  return shape.ending === 'lost' ? reset(JSON.parse(text), text.length - 3) : json(JSON.parse(text));
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
