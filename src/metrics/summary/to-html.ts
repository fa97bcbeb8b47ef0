import { html } from '../../rendering/html.ts';
import { page } from '../../rendering/page.ts';
import type { SummaryTable } from './summary-table.ts';

/** Renders a summary as a standalone page. */
export const toHtml = (title: string, tables: readonly SummaryTable[]): string =>
  page(title, [
    html`<h1>${title}</h1>`,
    ...tables.map(
      ({ title: heading, columns, rows }) => html`
<h2>${heading}</h2>
<div class="scroll" tabindex="0" role="region" aria-label="${heading}"><table>
<thead><tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
<tbody>${rows.map(
        ([name, ...cells]) =>
          html`<tr><th scope="row">${name}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`,
      )}</tbody>
</table></div>`,
    ),
  ]);
