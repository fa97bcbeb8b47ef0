import { html } from '../../rendering/html.ts';
import { styles } from '../../rendering/styles.ts';
import type { Route } from '../route.ts';
import { liveStyles } from './live-styles.ts';
import { markup } from './markup.ts';
import { scriptText } from './script-text.ts';

/** `GET /`: the page, which asks and watches through the routes that any client may use. It contains no data. */
export const livePage = (): Route => ({
  method: 'GET',
  path: '/',
  isOpen: true,
  async handle(exchange) {
    exchange.end();
    const nonce = crypto.randomUUID();
    return new Response(pageWith(nonce), {
      headers: {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': [
          "default-src 'none'",
          `script-src 'nonce-${nonce}'`,
          `style-src 'nonce-${nonce}'`,
          "connect-src 'self'",
          'img-src data:',
          "base-uri 'none'",
          "form-action 'none'",
          "frame-ancestors 'none'",
          "require-trusted-types-for 'script'",
        ].join('; '),
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
      },
    });
  },
});

const pageWith = (nonce: string): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Ensembles</title>
<link rel="icon" href="data:,">
<style nonce="${nonce}">${{ html: styles + liveStyles }}</style>
</head>
<body>
${markup}
<script type="module" nonce="${nonce}">${{ html: scriptText }}</script>
</body>
</html>
`.html;
