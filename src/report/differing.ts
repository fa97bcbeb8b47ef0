import type {
  DifferingCall,
  DifferingQuestion,
  DifferingTrial,
  Scorecard,
} from '../experiment/scorecard/scorecard.ts';
import { formatPercent } from '../rendering/amounts.ts';
import { type Html, html } from '../rendering/html.ts';

/** Lists the questions that some conditions got right and others wrong, with the response of every model to open. */
export const differingSection = ({ differing: { count, examples } }: Scorecard): Html | undefined =>
  count === 0
    ? undefined
    : html`<section><h2>Where the conditions differ</h2><p>${count} questions that at least one condition got right and at least one got wrong${examples.length < count ? `; ${examples.length} of them are shown` : ''}.</p>${examples.map(toDetails)}</section>`;

const toDetails = ({ id, category, question, expected, trials }: DifferingQuestion): Html =>
  html`<details><summary><strong>${id}</strong>${category === undefined ? '' : ` · ${category}`} · expected <q>${expected}</q></summary><pre>${question}</pre>${trials.map(toTrial)}</details>`;

const toTrial = ({ condition, score, answer, consensus, error, calls }: DifferingTrial): Html =>
  html`<h3><span class="${score === 1 ? 'right' : 'wrong'}">${score === 1 ? '✓' : '✗'}</span> ${condition}: ${
    error ?? html`<q>${answer}</q> <span class="quiet">${formatPercent(consensus)} of the votes</span>`
  }</h3>${calls.map(toCall)}`;

const toCall = ({ model, role, status, answer, text, error }: DifferingCall): Html =>
  html`<details><summary>${role === undefined ? model : `${model} (${role})`}: ${answer === undefined ? (error ?? status) : html`<q>${answer}</q>`}</summary>${text === undefined ? undefined : html`<pre>${text}</pre>`}</details>`;
