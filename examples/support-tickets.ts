// An app around a stream: support tickets are read as they arrive, sorted by a panel, watched for bursts, and shown live.
import {
  choice,
  createEnsemble,
  defineModel,
  ModelError,
  NoPredictionError,
  type Outcome,
  type Prediction,
} from 'crucible-ensemble';
import { predictWith } from 'crucible-ensemble/operators';
import {
  auditTime,
  concat,
  concatMap,
  connect,
  defer,
  delay,
  filter,
  from,
  groupBy,
  lastValueFrom,
  map,
  merge,
  mergeMap,
  of,
  retry,
  scan,
  share,
  take,
  tap,
  throwError,
  timer,
  toArray,
  zip,
} from 'rxjs';

const topics = ['billing', 'delivery', 'bug'] as const;

interface Ticket {
  readonly id: number;
  readonly minute: number;
  readonly text: string;
}

const tickets: readonly Ticket[] = [
  { id: 1, minute: 0, text: 'I was charged twice for my order.' },
  { id: 2, minute: 2, text: 'The app crashes when I open the settings.' },
  { id: 3, minute: 3, text: 'Where is my parcel? It is a week late.' },
  { id: 4, minute: 11, text: 'My parcel never came.' },
  { id: 5, minute: 12, text: 'The courier left my parcel with a stranger.' },
  { id: 6, minute: 14, text: 'My parcel is lost, says the tracking page.' },
  { id: 7, minute: 15, text: 'The invoice has the wrong address.' },
  { id: 8, minute: 21, text: 'Tracking says error 500.' },
  { id: 9, minute: 22, text: 'Hello?' },
  { id: 10, minute: 24, text: 'I cannot log in since the update.' },
];

// Three models of your own. In a real app they are openai(…), anthropic(…) and the like.
const reading = (id: string, signs: Readonly<Record<string, RegExp>>) =>
  defineModel(id, async (question) => {
    await new Promise((resolve) => setTimeout(resolve, 8));
    const topic = Object.keys(signs).find((name) => signs[name]?.test(question));
    return { text: topic ?? 'I cannot tell.', costUsd: 0.001 };
  });
const attempted = new Set<string>();
const overloaded = defineModel('overloaded', (question) => {
  if (!attempted.has(question) && attempted.add(question).size % 3 === 0)
    throw new ModelError('overloaded', 'try again', { isRetryable: true, costUsd: 0 });
  if (/charge|invoice/i.test(question)) return { text: 'billing', costUsd: 0.001 };
  return { text: /parcel|courier/i.test(question) ? 'delivery' : 'bug', costUsd: 0.001 };
});

const panel = createEnsemble({
  models: [
    reading('careful', {
      delivery: /parcel|courier|tracking/i,
      billing: /charge|invoice/i,
      bug: /crash|error|log in/i,
    }),
    reading('hasty', { bug: /crash|error|log in/i, billing: /charge|invoice|refund/i, delivery: /parcel/i }),
    overloaded,
  ],
  normalization: choice(topics),
  minResponses: 2,
  retry: { maxAttempts: 2, baseDelayMs: 2 },
});

// The mailbox loses its connection once. The stream is opened again behind the last ticket that arrived.
let arrived = 0;
let connections = 0;
const mailbox$ = defer(() => {
  connections += 1;
  const rest$ = from(tickets.slice(arrived)).pipe(concatMap((ticket) => of(ticket).pipe(delay(10))));
  const lost$ = throwError(() => new Error('the mailbox closed the connection'));
  return connections === 1 ? concat(rest$.pipe(take(4)), lost$) : rest$;
}).pipe(
  tap(() => {
    arrived += 1;
  }),
  retry({ count: 5, delay: (_, attempt) => timer(5 * 2 ** attempt) }),
);

// Each ticket with its prediction: `predictWith` keeps the order, so that both streams fit together. A ticket that the panel cannot
// sort is no end of the stream: the calls that were paid for it are in its error.
interface Sorted {
  readonly ticket: Ticket;
  readonly prediction?: Prediction<(typeof topics)[number]>;
  readonly outcomes: readonly Outcome[];
}
const sorted$ = mailbox$.pipe(
  connect((ticket$) =>
    zip(
      ticket$,
      ticket$.pipe(
        map(({ text }) => text),
        predictWith(panel, {
          concurrency: 4,
          onError: (error) => ({ outcomes: error instanceof NoPredictionError ? error.outcomes : [] }),
        }),
      ),
    ),
  ),
  map(
    ([ticket, result]): Sorted => ({
      ticket,
      outcomes: result.outcomes,
      ...('answer' in result && { prediction: result }),
    }),
  ),
  share(),
);

const lines$ = sorted$.pipe(
  map(({ ticket: { id, text }, prediction }) => {
    if (prediction === undefined) return `#${id} → a person (no votes): ${text}`;
    const { answer, metadata } = prediction;
    const reader = metadata.consensus < 0.7 ? 'a person' : answer;
    return `#${id} → ${reader} (consensus ${metadata.consensus.toFixed(2)}): ${text}`;
  }),
);

// Windows of ten minutes for each topic: the third ticket in one of them is a burst. A window is forgotten after a while.
const bursts$ = sorted$.pipe(
  mergeMap(({ ticket, prediction }) => (prediction ? of({ ticket, topic: prediction.answer }) : [])),
  groupBy(({ ticket, topic }) => `${topic} ${Math.floor(ticket.minute / 10)}`, {
    duration: () => timer(1000),
  }),
  mergeMap((window$) =>
    window$.pipe(
      take(3),
      toArray(),
      filter(({ length }) => length === 3),
    ),
  ),
  map((burst) => `! burst of ${burst[0]?.topic}: #${burst.map(({ ticket }) => ticket.id).join(', #')}`),
);

// The board: figures of each topic, drawn at most every 30 ms over the last ones if a terminal shows them.
type Board = Readonly<Record<string, number>>;
const board$ = sorted$.pipe(
  scan((board: Board, { prediction }) => {
    const topic = prediction?.answer ?? 'not sorted';
    return { ...board, [topic]: (board[topic] ?? 0) + 1 };
  }, {}),
);
const drawn$ = board$.pipe(
  auditTime(30),
  tap((board) => {
    const bars = Object.entries(board).map(([topic, count]) => `${topic} ${'█'.repeat(count)}`);
    if (process.stdout.isTTY) process.stdout.write(`\r\u001b[2K${bars.join('  ')}`);
  }),
);

const totals$ = sorted$.pipe(
  mergeMap(({ outcomes }) => outcomes),
  scan(
    (sum, { costUsd = 0, attempts = [] }) => ({
      costUsd: sum.costUsd + costUsd,
      retries: sum.retries + attempts.length,
    }),
    { costUsd: 0, retries: 0 },
  ),
);

const log$ = merge(lines$, bursts$).pipe(
  tap((line) => console.log(`${process.stdout.isTTY ? '\r\u001b[2K' : ''}${line}`)),
);
const [, , board, { costUsd, retries }] = await Promise.all([
  lastValueFrom(log$),
  lastValueFrom(drawn$, { defaultValue: {} }),
  lastValueFrom(board$),
  lastValueFrom(totals$),
]);
console.log(
  `\n${Object.entries(board)
    .map(([topic, count]) => `${topic} ${count}`)
    .join(', ')}`,
);
console.log(`$${costUsd.toFixed(3)}, ${retries} calls retried, ${connections} connections to the mailbox`);
