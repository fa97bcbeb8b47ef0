import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

/** A block of the documentation that can run. */
export interface Snippet {
  /** The file and the line of the block, as `path:line`. */
  readonly source: string;
  readonly code: string;
}

/**
 * Writes each runnable block of the documentation as a module of its own into `temp/snippets`. The tests run these
 * modules, and `npm run check:types` compiles them.
 */
export const writeSnippets = (
  root: string,
): readonly { readonly source: string; readonly path: string }[] => {
  const folder = `${root}/temp/snippets`;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return findSnippets(root).map((snippet) => {
    const { source } = snippet;
    const path = `${folder}/${source.replaceAll(/[/.:]/g, '-')}.ts`;
    writeFileSync(path, toModule(snippet));
    return { source, path };
  });
};

/** Finds every block fenced as plain `ts` in doc comments, the README and the pages of docs/; `ts no-run` is skipped. */
export const findSnippets = (root: string): Snippet[] =>
  globSync(['README.md', 'docs/**/*.md', 'src/**/*.ts'], { cwd: root })
    .toSorted()
    .flatMap((path) => snippetsIn(path, readFileSync(`${root}/${path}`, 'utf8')));

const snippetsIn = (path: string, text: string): Snippet[] => {
  const prose = path.endsWith('.ts') ? docComments(text) : text;
  return [...prose.matchAll(/^```ts[ \t]*\n(.*?)^```[ \t]*$/gms)].map((block) => ({
    source: `${path}:${prose.slice(0, block.index).split('\n').length + 1}`,
    code: block[1] ?? '',
  }));
};

/** Keeps the text of the doc comments, on the same lines as in the file. */
const docComments = (text: string): string => text.replace(/^(?:[ \t]*\* ?(.*)|.*)$/gm, '$1');

/** Returns the snippet as a module: as it is printed, but its `// => value` marks become assertions. */
export const toModule = ({ code }: Snippet): string =>
  `import { expect as expectDocumented } from 'vitest';\n${withAssertions(code)}`;

/**
 * `expression; // => value` asserts the expression, `const name = …; // => value` the constant, and
 * `console.log(expression); // => value` the logged value. The mark follows a statement on one line, or the last
 * line of a statement that starts in the first column, or is on the line below it.
 */
const withAssertions = (code: string): string => {
  const lines: string[] = [];
  for (const line of code.split('\n')) {
    const mark = /^(.*?)\s*\/\/ => (.+)$/.exec(line);
    if (mark === null) lines.push(line);
    else {
      const [, last = '', expected = ''] = mark;
      if (last !== '') lines.push(last);
      lines.push(assertion(lines.splice(startOfStatement(lines)).join('\n'), expected));
    }
  }
  return lines.join('\n');
};

const startOfStatement = (lines: readonly string[]): number => {
  const last = lines.length - 1;
  const isWhole = /^\s+[^\s.)\]}].*;$/.test(lines[last] ?? '');
  return isWhole ? last : lines.findLastIndex((line) => /^[^\s)\]}]/.test(line));
};

const assertion = (statement: string, expected: string): string => {
  const constant = /^\s*(?:const|let) (\w+)/.exec(statement)?.[1];
  if (constant !== undefined) return `${statement}\nexpectDocumented(${constant}).toEqual(${expected});`;
  const expression = statement.trim().replace(/;$/, '');
  const logged = /^console\.log\((.*)\)$/s.exec(expression)?.[1] ?? expression;
  return `expectDocumented(${logged}).toEqual(${expected});`;
};
