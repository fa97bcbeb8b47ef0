import type { ReviewedAnswer, Scorecard } from '../experiment/scorecard/scorecard.ts';
import { counted } from '../rendering/amounts.ts';
import { type Html, html } from '../rendering/html.ts';

/** Lists the verdicts of a jury that are marked for a person, with what each juror says to open. */
export const reviewsSection = ({ reviews }: Scorecard): Html | undefined =>
  reviews === undefined
    ? undefined
    : html`<section><h2>For a person</h2><p>${counted(reviews.count, 'verdict')} of the jury ${reviews.count === 1 ? 'is' : 'are'} marked for a review${reviews.examples.length < reviews.count ? `; ${reviews.examples.length} of them are shown` : ''}.</p>${reviews.examples.map(toDetails)}</section>`;

const toDetails = ({ id, condition, question, answer, grade, review, jurors }: ReviewedAnswer): Html =>
  html`<details><summary><strong>${id}</strong> · ${condition} · ${grade === undefined ? 'no verdict' : html`verdict ${grade}`}: ${review}</summary><pre>${question}</pre><p>Answer: <q>${answer}</q></p><ul>${jurors.map(
    ({ juror, grade: own, reason, fault }) =>
      html`<li>${juror}: ${own ?? 'no grade'}${(reason ?? fault) === undefined ? '' : `: ${reason ?? fault}`}</li>`,
  )}</ul></details>`;
