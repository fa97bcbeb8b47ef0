/** The styles of a page: light and dark, from a phone to paper, without external resources. */
export const styles = `
:root { color-scheme: light dark;
  --ground: #ffffff; --ink: #1b1f24; --quiet: #57606a; --rule: #d0d7de; --wash: #f3f5f7; --right: #116329; --wrong: #a40e26;
  --series-1: #2563b0; --series-2: #c2410c; --series-3: #15803d; --series-4: #8b3fa8;
  --series-5: #a16207; --series-6: #0e7490; --series-7: #be185d; --series-8: #57534e; }
@media screen and (prefers-color-scheme: dark) { :root {
  --ground: #14181d; --ink: #e6e9ec; --quiet: #9aa4af; --rule: #38414b; --wash: #1d232a; --right: #56d364; --wrong: #ff8f8a;
  --series-1: #6fb1ff; --series-2: #ff9a62; --series-3: #5fd38d; --series-4: #d49af0;
  --series-5: #e5bd4f; --series-6: #54cfe6; --series-7: #ff8cc0; --series-8: #b5aea8; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 78rem; background: var(--ground); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 .5rem; overflow-wrap: anywhere; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .75rem; }
h3 { font-size: 1rem; margin: 0 0 .5rem; }
p, figcaption, .quiet { color: var(--quiet); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .9rem; min-width: 100%; }
th, td { padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--rule); text-align: right; vertical-align: top; white-space: nowrap; }
th:first-child, td:first-child { text-align: left; white-space: normal; overflow-wrap: anywhere; min-width: 9rem;
  position: sticky; left: 0; background: var(--ground); }
.about td:nth-child(2), .about th:nth-child(2) { text-align: left; white-space: normal; overflow-wrap: anywhere; width: 100%; }
thead th { white-space: normal; vertical-align: bottom; color: var(--quiet); font-weight: 600; }
td small { display: block; color: var(--quiet); }
.charts { display: grid; gap: 2rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); }
figure { margin: 0; min-width: 0; break-inside: avoid; }
figure > svg { width: 100%; height: auto; }
figcaption { font-size: .875rem; margin-top: .5rem; }
.legend { list-style: none; margin: .5rem 0 0; padding: 0; display: flex; flex-wrap: wrap; gap: .25rem 1rem; font-size: .875rem; }
.legend li { overflow-wrap: anywhere; }
.legend svg { margin-right: .4rem; }
details { border-bottom: 1px solid var(--rule); padding: .5rem 0; }
summary { cursor: pointer; overflow-wrap: anywhere; }
pre { margin: .5rem 0; padding: .5rem .75rem; background: var(--wash); white-space: pre-wrap; overflow-wrap: anywhere;
  font: .85rem/1.45 ui-monospace, monospace; max-height: 24rem; overflow: auto; unicode-bidi: isolate; }
.right { color: var(--right); } .wrong { color: var(--wrong); }
@media (max-width: 40rem) { th:first-child, td:first-child { min-width: 6rem; max-width: 9rem; } }
@page { margin: 15mm; }
@media print { :root { color-scheme: light; --ground: #ffffff; --ink: #000000; --quiet: #444444; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  .scroll { overflow: visible; } table { font-size: 7pt; } thead { display: table-header-group; } tr { break-inside: avoid; }
  th, td { white-space: normal; padding-right: 1.4mm; } th:first-child, td:first-child { position: static; min-width: 18mm; }
  .by-condition th { overflow-wrap: anywhere; } section > p { font-size: 8pt; }
  h2, h3 { break-after: avoid; } p { orphans: 3; widows: 3; }
  .charts { grid-template-columns: 1fr 1fr; gap: 6mm 8mm; } figcaption, .legend { font-size: 7.5pt; }
  pre { max-height: none; overflow: visible; } details { padding: 1mm 0; } details:not([open]) { break-inside: avoid; } }
`;
