import { counted, formatCost, formatSeconds, formatShare, formatUsd } from '../../../rendering/amounts.ts';
import type { KeySpending } from '../../create-callers.ts';
import type {
  DailySpending,
  MemberSummary,
  RecentPrediction,
  Watched,
} from '../../watch/recent-prediction.ts';
import { shortened } from './calls.ts';
import { byId, create, setText, show } from './dom.ts';
import { eventsOf, Refused, request } from './server.ts';

/** How many rows a table has. */
const MAX_ROWS = 50;
const RETRY_MS = 2_000;

type Shown = Watched & { readonly keys: readonly KeySpending[] };

let recent: readonly RecentPrediction[] = [];
let following = 0;

/** Shows what the server does, until it is called again. Connects again if the connection ends. */
export const followServer = async (): Promise<void> => {
  following += 1;
  const mine = following;
  while (mine === following) {
    try {
      const response = await request('/v1/predictions/recent', { headers: { accept: 'text/event-stream' } });
      show('watch', true);
      show('no-watch', false);
      for await (const { event, data } of eventsOf(response)) {
        if (mine !== following) return;
        draw(event === 'state', data as Shown);
      }
      setText(byId('now'), 'Connecting again …');
    } catch (error) {
      const status = error instanceof Refused ? error.status : 0;
      show('watch', false);
      show('no-watch', status === 403);
      setText(byId('now'), status === 401 || status === 403 ? '' : 'The server cannot be reached.');
      if (status === 401 || status === 403) return;
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
};

const draw = (isWhole: boolean, state: Shown): void => {
  recent = (isWhole ? state.recent : [...state.recent, ...recent]).slice(0, MAX_ROWS);
  setText(
    byId('now'),
    `${counted(state.ended, 'prediction')} since the server started, ${state.inFlight} in flight`,
  );
  drawAlerts(state);
  const hasKeys = state.keys.length > 0 || recent.some(({ caller }) => caller !== undefined);
  drawRecent(hasKeys);
  table(
    'members',
    ['Member', 'Ensemble', 'Calls', 'Failed', 'Agreed', 'Median', '95 %', 'Last calls'],
    state.members.slice(0, MAX_ROWS).map(memberRow),
  );
  table(
    'spending',
    [...(hasKeys ? ['Key'] : []), 'Day (UTC)', 'Predictions', 'Cost'],
    state.spending.slice(0, MAX_ROWS).map((day) => spendingRow(day, hasKeys)),
  );
  byId('budgets').replaceChildren(
    ...state.keys.slice(0, MAX_ROWS).map(({ name, spentUsd, budget, period }) => {
      const of = budget === undefined ? '' : ` of ${formatUsd(budget.maxUsd)}`;
      return create('li', {}, `${name}: ${formatUsd(spentUsd)}${of} in ${period}`);
    }),
  );
};

/** The columns with long texts. */
const TEXTS = ['Question', 'Answer'];

type Cell = string | Node;

const table = (id: string, heads: readonly string[], rows: readonly (readonly Cell[])[]): void => {
  const [head, body] = byId(id).children;
  const title = heads.join();
  if (head instanceof HTMLElement && head.dataset.title !== title) {
    head.dataset.title = title;
    head.replaceChildren(create('tr', {}, ...heads.map(headOf)));
  }
  const filled = rows.length > 0 ? rows : [[create('td', { colspan: heads.length }, 'None yet')]];
  body?.replaceChildren(
    ...filled.map((cells) =>
      create(
        'tr',
        {},
        ...cells.map((cell) => (cell instanceof HTMLTableCellElement ? cell : create('td', {}, cell))),
      ),
    ),
  );
};

const headOf = (name: string): Cell =>
  create('th', { scope: 'col', ...(TEXTS.includes(name) && { class: 'text' }) }, name);

const drawRecent = (hasKeys: boolean): void => {
  const hasContent = recent.some(({ question }) => question !== undefined);
  table(
    'recent',
    [
      'Time',
      'Ensemble',
      ...(hasKeys ? ['Key'] : []),
      'Result',
      'Votes',
      'Cost',
      'Latency',
      ...(hasContent ? TEXTS : []),
    ],
    recent.map((prediction) => [
      new Date(prediction.startedAt).toLocaleTimeString(),
      prediction.ensemble,
      ...(hasKeys ? [prediction.caller ?? ''] : []),
      resultOf(prediction),
      callsOf(prediction),
      formatCost(prediction),
      formatSeconds(prediction.latencyMs),
      ...(hasContent ? [text(prediction.question), text(prediction.answer)] : []),
    ]),
  );
};

const resultOf = ({ consensus, failure }: RecentPrediction): Cell =>
  failure === undefined ? `${formatShare(consensus ?? 0)} agreed` : create('td', { class: 'bad' }, failure);

const callsOf = ({
  calls: { answered = 0, failed = 0, abstained = 0, cancelled = 0 },
}: RecentPrediction): string =>
  [
    String(answered),
    ...(abstained > 0 ? [`${abstained} abstained`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(cancelled > 0 ? [`${cancelled} cancelled`] : []),
  ].join(', ');

const text = (content = ''): Cell => create('td', { class: 'text' }, shortened(content, 160));

const memberRow = (member: MemberSummary): readonly Cell[] => {
  const { model, role, ensemble, calls, failures, agreed, votes, latencyMs, lastMs } = member;
  const failed = calls === 0 ? '–' : formatShare(failures / calls);
  return [
    role === undefined ? model : `${model} (${role})`,
    ensemble,
    String(calls),
    failures > 0 ? create('td', { class: 'bad' }, failed) : failed,
    votes === 0 ? '–' : formatShare(agreed / votes),
    formatSeconds(latencyMs.p50 ?? undefined),
    formatSeconds(latencyMs.p95 ?? undefined),
    sparkline(lastMs),
  ];
};

const spendingRow = (
  { caller = '', day, predictions, usd, unknownCosts }: DailySpending,
  hasKeys: boolean,
): readonly Cell[] => [
  ...(hasKeys ? [caller] : []),
  day,
  String(predictions),
  // The sum leaves nothing out, is a lower bound, or says nothing.
  `${formatCost({ costUsd: usd, costSource: unknownCosts === 0 ? 'reported' : 'partial' })}${unknownCosts === 0 ? '' : ` (${unknownCosts} of unknown cost)`}`,
];

const SVG = 'http://www.w3.org/2000/svg';
const WIDTH = 90;
const HEIGHT = 20;

/** The latencies of the last calls as a line. */
const sparkline = (values: readonly number[]): Cell => {
  if (values.length < 2) return '';
  const most = Math.max(...values, 1);
  const points = values.map(
    (value, index) =>
      `${(index * WIDTH) / (values.length - 1)},${HEIGHT - 1 - (value / most) * (HEIGHT - 2)}`,
  );
  const line = document.createElementNS(SVG, 'polyline');
  line.setAttribute('points', points.join(' '));
  const svg = document.createElementNS(SVG, 'svg');
  const label = `Latencies of the last ${values.length} calls, at most ${formatSeconds(most)}`;
  for (const [name, value] of Object.entries({
    width: WIDTH,
    height: HEIGHT,
    role: 'img',
    'aria-label': label,
  }))
    svg.setAttribute(name, String(value));
  svg.append(line);
  return svg;
};

let shownAlerts = '';

const drawAlerts = ({ alerts, undelivered }: Shown): void => {
  const present = JSON.stringify(alerts);
  show('alerts', alerts.length > 0);
  show('undelivered', undelivered > 0);
  setText(byId('undelivered'), `${counted(undelivered, 'alert')} did not reach the webhook.`);
  if (present === shownAlerts) return;
  shownAlerts = present;
  byId('alert-list').replaceChildren(
    ...alerts.map(({ state, message, raisedAt, overAt }) => {
      const since = new Date(raisedAt).toLocaleTimeString();
      const until = overAt === undefined ? '' : ` – ${new Date(overAt).toLocaleTimeString()}, over`;
      return create('li', { 'data-state': state }, `${message} `, create('small', {}, `${since}${until}`));
    }),
  );
};
