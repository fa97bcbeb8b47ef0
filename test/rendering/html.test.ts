import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { html } from '../../src/rendering/html.ts';

describe('html', () => {
  it.each([
    '<script>alert(1)</script>',
    '</script><img src=x onerror=alert(1)>',
    '" onmouseover="alert(1)',
    "' autofocus onfocus='alert(1)",
    '&lt;b&gt; &amp; &#60;',
    '<!-- --> ]]> <![CDATA[',
  ])('shows %j as it is, in text and in an attribute', (text) => {
    const { document } = parseHTML(html`<p title="${text}">${text}</p>`.html);
    const paragraph = document.querySelector('p');
    expect(paragraph?.textContent).toBe(text);
    expect(paragraph?.getAttribute('title')).toBe(text);
    expect(document.querySelectorAll('*')).toHaveLength(1);
    expect(paragraph?.attributes).toHaveLength(1);
  });

  it('replaces what would reorder, hide or end text, and keeps its lines', () => {
    expect(html`${'a\u202eb\u0000c\u2028d\ud800e\nf\tg'}`.html).toBe('a\ufffdb\ufffdc\ufffdd\ufffde\nf\tg');
  });

  it('takes parts that are HTML as they are, one or many, and nothing for undefined', () => {
    const cells = ['<', 2].map((cell) => html`<td>${cell}</td>`);
    expect(html`<tr>${cells}${undefined}</tr>`.html).toBe('<tr><td>&lt;</td><td>2</td></tr>');
  });
});
