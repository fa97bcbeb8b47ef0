import { type Html, html } from './html.ts';
import { styles } from './styles.ts';

/**
 * Renders a complete page. It loads and runs nothing, and its content security policy forbids both, so that markup is
 * harmless even if the escaping failed.
 */
export const page = (title: string, content: readonly Html[]): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${{ html: styles }}</style>
</head>
<body>
<main>${content}</main>
</body>
</html>
`.html;
