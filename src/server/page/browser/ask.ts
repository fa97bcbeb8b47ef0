import type { CostSource } from '../../../domain/outcome.ts';
import type { Prediction } from '../../../domain/prediction.ts';
import type { StreamEvent } from '../../../domain/stream-event.ts';
import { formatCost, formatSeconds, formatShare, formatVotes } from '../../../rendering/amounts.ts';
import { cancelCalls, clearCalls, progress, shortened, showCall } from './calls.ts';
import { byId, create, setText, show } from './dom.ts';
import { attached } from './files.ts';
import { eventsOf, Refused, request } from './server.ts';

/** How many answers are shown. */
const MAX_ANSWERS = 30;

let controller: AbortController | undefined;

/** Lets the user ask and stop. */
export const setUpAsking = (onRefused: () => void): void => {
  const question = byId<HTMLTextAreaElement>('question');
  const form = byId<HTMLFormElement>('ask');
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void ask(onRefused);
  });
  question.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    if (controller === undefined) form.requestSubmit();
  });
  byId('stop').addEventListener('click', () => controller?.abort());
};

const ask = async (onRefused: () => void): Promise<void> => {
  const mine = new AbortController();
  controller = mine;
  begin();
  let hasEnded = false;
  try {
    const response = await request('/v1/predictions', {
      method: 'POST',
      signal: mine.signal,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        model: byId<HTMLSelectElement>('ensemble').value,
        query: { messages: [{ role: 'user', content: await contentOf() }] },
        stream: true,
        explain: true,
      }),
    });
    for await (const { event, data } of eventsOf(response)) {
      hasEnded ||= event === 'complete' || event === 'error';
      if (event === 'error') fail((data as { readonly error: { readonly message: string } }).error.message);
      else follow(data as Followed);
    }
    if (!hasEnded) fail('the connection ended');
  } catch (error) {
    if (mine.signal.aborted) fail('stopped');
    else fail(error instanceof Error ? error.message : 'the server cannot be reached');
    if (error instanceof Refused && error.status === 401) onRefused();
  } finally {
    controller = undefined;
    setBusy(false);
  }
};

type Followed = StreamEvent & { readonly explanation?: string };

const contentOf = async (): Promise<unknown> => {
  const text = byId<HTMLTextAreaElement>('question').value;
  const files = [...(byId<HTMLInputElement>('files').files ?? [])];
  return files.length === 0 ? text : [{ type: 'text', text }, ...(await Promise.all(files.map(attached)))];
};

const setBusy = (isBusy: boolean): void => {
  const stop = byId<HTMLButtonElement>('stop');
  const go = byId<HTMLButtonElement>('go');
  const hadFocus = document.activeElement;
  stop.disabled = !isBusy;
  go.disabled = isBusy;
  // A button that is disabled loses the focus, and with it a user of the keyboard the place.
  if (isBusy && hadFocus === go) stop.focus();
  if (!isBusy && hadFocus === stop) go.focus();
};

const begin = (): void => {
  clearCalls();
  byId('tally').replaceChildren();
  for (const id of ['answer', 'facts', 'why', 'votes']) show(id, false);
  show('result', true);
  byId('status').className = '';
  setText(byId('status'), 'Asking …');
  setBusy(true);
};

const fail = (reason: string): void => {
  cancelCalls();
  byId('status').className = 'bad';
  setText(byId('status'), `No answer: ${reason}`);
};

const follow = (event: Followed): void => {
  showCall(event);
  if (event.type === 'call-start' || event.type === 'call-end') {
    const [ended, all] = progress();
    setText(byId('status'), `${ended} of ${all} calls have ended`);
  }
  if (event.type === 'consensus') tally(event.votes);
  if (event.type === 'complete') complete(event.prediction, event.explanation ?? '');
};

/** Moves the meters: those of answers that are known already stay the same elements. */
const tally = (votes: Readonly<Record<string, number>>): void => {
  const list = byId('tally');
  const sorted = Object.entries(votes).toSorted(([, a], [, b]) => b - a);
  const total = sorted.reduce((sum, [, count]) => sum + count, 0);
  const rows = new Map([...list.children].map((row) => [(row as HTMLElement).dataset.key ?? '', row]));
  const next = sorted.slice(0, MAX_ANSWERS).map(([key, count]) => {
    const row = rows.get(key) ?? rowOf(key);
    const meter = row.querySelector('meter');
    if (meter !== null) {
      meter.max = Math.max(total, 1e-9);
      meter.value = count;
    }
    setText(row.lastElementChild as Element, formatVotes(count));
    return row;
  });
  list.replaceChildren(...next);
  show('votes', next.length > 0);
};

const rowOf = (key: string): Element =>
  create(
    'li',
    { 'data-key': key },
    create('span', {}, shortened(key, 300)),
    create('meter', { min: 0, 'aria-label': `Votes for ${shortened(key, 60)}` }),
    create('b'),
  );

const complete = (prediction: Prediction, explanation: string): void => {
  const { consensus, costUsd, costSource, maxCostUsd, latencyMs, status, votes } = prediction.metadata;
  setText(byId('status'), status === 'degraded' ? 'Done, with members missing' : 'Done');
  setText(byId('answer'), prediction.text);
  tally(votes);
  facts({
    Consensus: formatShare(consensus),
    Cost: formatCost(costOf(costUsd, costSource, maxCostUsd)),
    Time: formatSeconds(latencyMs),
  });
  byId('reasons').replaceChildren(
    ...explanation
      .split('\n')
      .filter(Boolean)
      .map((line) => create('li', {}, line)),
  );
  show('answer', true);
  show('why', explanation !== '');
};

const costOf = (costUsd: number | undefined, costSource: CostSource, maxCostUsd: number | undefined) => ({
  costUsd,
  costSource,
  ...(maxCostUsd !== undefined && { maxCostUsd }),
});

const facts = (values: Readonly<Record<string, string>>): void => {
  byId('facts').replaceChildren(
    ...Object.entries(values).map(([name, value]) =>
      create('div', {}, create('dt', {}, name), create('dd', {}, value)),
    ),
  );
  show('facts', true);
};
