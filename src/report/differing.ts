import type {
  DifferingCall,
  DifferingQuestion,
  DifferingTrial,
  Scorecard,
} from '../experiment/scorecard/scorecard.ts';
import { percentage } from '../rendering/amounts.ts';
import { type Html, html } from '../rendering/html.ts';

/** The questions on which conditions differ, each to be opened, with what every model said. */
export const differingSection = ({ differing: { count, examples } }: Scorecard): Html | undefined =>
  count === 0
    ? undefined
    : html`<section><h2>Where the conditions differ</h2><p>${count} questions that one condition got right and another did not${examples.length < count ? `; here are ${examples.length} of them` : ''}.</p>${examples.map(toDetails)}</section>`;

const toDetails = ({ id, category, question, expected, trials }: DifferingQuestion): Html =>
  html`<details><summary><strong>${id}</strong>${category === undefined ? '' : ` · ${category}`} · expected <q>${expected}</q></summary><pre>${question}</pre>${trials.map(toTrial)}</details>`;

const toTrial = ({ condition, score, answer, consensus, error, calls }: DifferingTrial): Html =>
  html`<h3><span class="${score === 1 ? 'right' : 'wrong'}">${score === 1 ? '✓' : '✗'}</span> ${condition}: ${
    error ?? html`<q>${answer}</q> <span class="quiet">${percentage(consensus)} of the votes</span>`
  }</h3>${calls.map(toCall)}`;

const toCall = ({ model, status, answer, text, error }: DifferingCall): Html =>
  html`<details><summary>${model}: ${answer === undefined ? (error ?? status) : html`<q>${answer}</q>`}</summary>${text === undefined ? undefined : html`<pre>${text}</pre>`}</details>`;
