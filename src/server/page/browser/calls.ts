import type { CallRole } from '../../../domain/call-role.ts';
import type { Outcome } from '../../../domain/outcome.ts';
import type { StreamEvent } from '../../../domain/stream-event.ts';
import { formatCost, formatSeconds } from '../../../rendering/amounts.ts';
import { visible } from '../../../rendering/printable.ts';
import { byId, create, setText } from './dom.ts';

/** How much of what a call writes is shown. */
const MAX_TEXT = 20_000;
/** How many calls are shown. */
const MAX_CALLS = 200;

interface Card {
  readonly item: HTMLElement;
  readonly state: HTMLElement;
  readonly facts: HTMLElement;
  readonly text: Text;
  pending: string;
  length: number;
  isDone: boolean;
}

let cards = new Map<number, Card>();
let isDrawing = false;

/** Removes the calls of the last question. */
export const clearCalls = (): void => {
  cards = new Map();
  byId('calls').replaceChildren();
};

/** Shows what an event says of a call. */
export const showCall = (event: StreamEvent): void => {
  if (event.type === 'call-start') begin(event.call, event.model, event.role);
  const card = 'call' in event ? cards.get(event.call) : undefined;
  if (card === undefined) return;
  if (event.type === 'delta') write(card, event.text);
  if (event.type === 'reasoning-delta') setState(card, 'writing', 'thinking');
  if (event.type === 'tool-input-delta') setState(card, 'writing', 'calling a tool');
  if (event.type === 'call-retry') {
    const { error, nextInMs } = event.failed;
    setState(
      card,
      'retrying',
      `attempt ${event.attempt} failed (${error.name}); again in ${formatSeconds(nextInMs)}`,
    );
    erase(card);
  }
  if (event.type === 'call-end') end(card, event.outcome);
};

/** The calls that have ended, and all calls. */
export const progress = (): readonly [ended: number, all: number] => {
  const all = [...cards.values()];
  return [all.filter(({ isDone }) => isDone).length, all.length];
};

/** Marks the calls in flight as cancelled, after the user stopped them. */
export const cancelCalls = (): void => {
  for (const card of cards.values()) if (!card.isDone) setState(card, 'cancelled', 'cancelled');
};

const begin = (call: number, model: string, role: CallRole | undefined): void => {
  if (cards.size >= MAX_CALLS) return;
  const state = create('p', {}, 'waiting');
  const facts = create('p');
  const text = document.createTextNode('');
  const output = create('pre', { tabindex: 0, role: 'group', 'aria-label': `Text of ${model}` }, text);
  const name = create('h4', {}, role === undefined ? model : `${model} (${role})`);
  const item = create('li', { 'data-state': 'waiting' }, name, state, facts, output);
  cards.set(call, { item, state, facts, text, pending: '', length: 0, isDone: false });
  byId('calls').append(item);
};

const setState = (card: Card, state: string, text: string): void => {
  card.item.dataset.state = state;
  setText(card.state, text);
};

/** Keeps what is written until the next frame of the screen: a fast model writes a thousand pieces in a second. */
const write = (card: Card, text: string): void => {
  setState(card, 'writing', 'writing');
  if (card.length >= MAX_TEXT) return;
  card.length += text.length;
  card.pending += text;
  if (isDrawing) return;
  isDrawing = true;
  requestAnimationFrame(() => {
    isDrawing = false;
    for (const one of cards.values()) {
      if (one.pending !== '') one.text.appendData(visible(one.pending));
      one.pending = '';
    }
  });
};

const erase = (card: Card): void => {
  card.pending = '';
  card.length = 0;
  card.text.data = '';
};

const end = (card: Card, outcome: Outcome): void => {
  card.isDone = true;
  const { status, latencyMs } = outcome;
  setText(card.facts, [formatSeconds(latencyMs), formatCost(outcome)].join(' · '));
  if (status === 'answered') {
    const vote = outcome.group ?? outcome.key;
    const isVote = outcome.role === undefined;
    setState(card, 'voted', isVote ? `voted for “${shortened(vote)}”` : 'answered');
  }
  if (status === 'abstained') setState(card, 'abstained', `abstained: ${outcome.reason}`);
  if (status === 'failed')
    setState(card, 'failed', `failed: ${outcome.error.name}: ${outcome.error.message}`);
  if (status === 'cancelled') setState(card, 'cancelled', 'cancelled');
  if (!('response' in outcome)) return;
  card.pending = '';
  card.text.data = visible(outcome.response.text.slice(0, MAX_TEXT));
};

/** The beginning of a text. */
export const shortened = (text: string, length = 120): string =>
  text.length > length ? `${text.slice(0, length)}…` : text;
