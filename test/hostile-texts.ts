/** Texts that would run, load, end an element or hide text if they were markup. */
export const hostileTexts: readonly string[] = [
  '<script>window.ran = true</script>',
  '</pre></details></script><img src="http://127.0.0.1:9/x" onerror="window.ran = true">',
  '" onmouseover="window.ran = true',
  "]]><svg onload='window.ran = true'><style>* { display: none }</style>",
  '\u202e\u0000\u2028{{constructor}} <a href="javascript:window.ran = true">x</a>',
];
