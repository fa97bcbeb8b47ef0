import { html } from '../../rendering/html.ts';

/** The content of the page before its script has run. */
export const markup = html`<main>
<header><h1>Ensembles</h1><p id="now">Connecting …</p></header>
<noscript><p>This page needs JavaScript.</p></noscript>
<section id="alerts" aria-labelledby="alerts-title" hidden>
<h2 id="alerts-title">Alerts</h2><div role="log" aria-labelledby="alerts-title"><ul id="alert-list"></ul></div><p id="undelivered" hidden></p>
</section>
<form id="key-form" hidden>
<label for="key">Key</label>
<p id="key-hint">This server asks for a key. It is kept in this tab until you close it.</p>
<div class="row"><input id="key" type="password" autocomplete="off" spellcheck="false" required aria-describedby="key-hint"><button>Use this key</button></div>
</form>
<section aria-labelledby="ask-title">
<h2 id="ask-title">Ask</h2>
<form id="ask">
<label for="ensemble">Ensemble</label><select id="ensemble" required></select>
<label for="question">Question</label>
<textarea id="question" rows="3" required aria-describedby="question-hint"></textarea>
<p id="question-hint" class="hint">Enter asks, Shift+Enter begins a new line.</p>
<label for="files">Images and files</label><input id="files" type="file" multiple>
<div class="row"><button id="go">Ask</button><button id="stop" type="button" disabled>Stop</button></div>
</form>
</section>
<section id="result" aria-labelledby="result-title" hidden>
<h2 id="result-title">Answer</h2>
<p id="status" role="status"></p>
<pre id="answer" tabindex="0" role="group" aria-label="Answer" hidden></pre>
<dl id="facts" hidden></dl>
<div id="why" hidden><h3>Why this answer</h3><ul id="reasons"></ul></div>
<div id="votes" hidden><h3>Votes</h3><ul id="tally"></ul></div>
<h3>Calls</h3><ol id="calls"></ol>
</section>
<div id="watch" hidden>
<section aria-labelledby="recent-title"><h2 id="recent-title">Recent predictions</h2>
<div class="scroll" role="group" aria-labelledby="recent-title" tabindex="0"><table id="recent"><thead></thead><tbody></tbody></table></div></section>
<section aria-labelledby="members-title"><h2 id="members-title">Members</h2>
<div class="scroll" role="group" aria-labelledby="members-title" tabindex="0"><table id="members"><thead></thead><tbody></tbody></table></div></section>
<section aria-labelledby="spending-title"><h2 id="spending-title">Spending</h2>
<div class="scroll" role="group" aria-labelledby="spending-title" tabindex="0"><table id="spending"><thead></thead><tbody></tbody></table></div>
<ul id="budgets"></ul></section>
</div>
<p id="no-watch" hidden>This key may ask, but not see what other keys do.</p>
</main>`;
