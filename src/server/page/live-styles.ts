/** The styles of the live page, after those of every page. */
export const liveStyles = `
[hidden] { display: none !important; }
main { overflow-wrap: anywhere; } table { overflow-wrap: normal; }
header { display: flex; flex-wrap: wrap; gap: 0 1.5rem; align-items: baseline; } header p { margin: 0; }
h1 { margin: 0; } h2 { margin: 2rem 0 .5rem; } h3 { margin: 1.5rem 0 .5rem; }
.hint, #key-hint { font-size: .875rem; margin: .25rem 0 0; }
label { display: block; margin: .75rem 0 .25rem; font-weight: 600; }
select, textarea, input, button { font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--quiet);
  border-radius: .375rem; padding: .45rem .7rem; max-width: 100%; }
textarea { width: 100%; resize: vertical; display: block; } select { min-width: 12rem; }
input[type=password] { flex: 1 1 12rem; min-width: 0; }
.row { display: flex; flex-wrap: wrap; gap: .5rem; margin-top: .75rem; }
button { background: var(--wash); cursor: pointer; min-width: 5rem; min-height: 2.75rem; }
#go, #key-form button { background: var(--series-1); border-color: var(--series-1); color: var(--ground); font-weight: 600; }
button:disabled { opacity: .55; cursor: default; }
:focus-visible { outline: 3px solid var(--series-1); outline-offset: 2px; }
#answer { font: 1.1rem/1.5 system-ui, sans-serif; max-height: 40rem; }
dl { display: flex; flex-wrap: wrap; gap: .5rem 2rem; margin: .75rem 0; } dl div { min-width: 6rem; }
dt { color: var(--quiet); font-size: .875rem; } dd { margin: 0; font-variant-numeric: tabular-nums; font-weight: 600; }
#tally, #calls, #alert-list { list-style: none; margin: 0; padding: 0; display: grid; gap: .5rem; }
#tally li { display: grid; grid-template-columns: minmax(0, 1fr) minmax(8rem, 40%) 4rem; gap: .25rem .75rem; align-items: center; }
#tally span { overflow-wrap: anywhere; unicode-bidi: isolate; max-height: 6rem; overflow: hidden; } #tally b { text-align: right; font-variant-numeric: tabular-nums; }
meter { width: 100%; height: 1rem; }
#calls { grid-template-columns: repeat(auto-fill, minmax(min(100%, 22rem), 1fr)); }
#calls li { border: 1px solid var(--rule); border-left: .3rem solid var(--quiet); border-radius: .375rem; padding: .6rem .75rem; min-width: 0; }
#calls li[data-state=voted] { border-left-color: var(--right); } #calls li[data-state=failed] { border-left-color: var(--wrong); }
#calls li[data-state=writing] { border-left-color: var(--series-1); }
#calls h4 { margin: 0; font-size: 1rem; overflow-wrap: anywhere; }
#calls p { margin: .15rem 0 0; font-size: .875rem; overflow-wrap: anywhere; } #calls pre { max-height: 9rem; margin: .5rem 0 0; }
#calls pre:empty { display: none; }
#alert-list li { border: 1px solid var(--rule); border-left: .3rem solid var(--wrong); border-radius: .375rem; padding: .5rem .75rem; overflow-wrap: anywhere; }
#alert-list li[data-state=over] { border-left-color: var(--rule); color: var(--quiet); }
.bad { color: var(--wrong); } td svg { display: block; margin-left: auto; } td svg polyline { fill: none; stroke: var(--series-1); stroke-width: 1.5; }
th.text { text-align: left; } td.text { text-align: left; white-space: normal; min-width: 12rem; max-width: 30rem; overflow-wrap: anywhere; unicode-bidi: isolate; }
#budgets { padding-left: 1.2rem; }
@media (max-width: 30rem) { #tally li { grid-template-columns: minmax(0, 1fr) 4rem; } #tally meter { grid-column: 1 / -1; grid-row: 2; }
  body { padding-top: 1rem; } .row button { flex: 1; } #reasons, #budgets { padding-left: 1.2rem; } select { width: 100%; } }
`;
