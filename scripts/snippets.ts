import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as core from '../src/index.ts';
import * as operators from '../src/operators/operators.ts';

/** A block of the documentation that can run. */
interface Snippet {
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
  const names = [
    publicNames('crucible-ensemble', `${root}/src/index.ts`, core),
    publicNames('crucible-ensemble/operators', `${root}/src/operators/operators.ts`, operators),
  ];
  return findSnippets(root).map((snippet) => {
    const { source } = snippet;
    const path = `${folder}/${source.replaceAll(/[/.:]/g, '-')}.ts`;
    writeFileSync(path, toModule(snippet, names));
    return { source, path };
  });
};

/** Returns the public names of an entry: the values that it exports, and the types in its export lists. */
const publicNames = (entry: string, path: string, module: object): PublicNames => {
  const values = Object.keys(module);
  const exportLists = readFileSync(path, 'utf8').matchAll(/export (type )?\{([^}]*)\}/g);
  const exported = [...exportLists].flatMap(([, , list = '']) => list.match(/\w+(?=\s*(?:,|$))/g) ?? []);
  return { entry, values, types: exported.filter((name) => !values.includes(name)) };
};

/** Finds every block fenced as plain `ts` in doc comments, the README and the pages of docs/; `ts no-run` is skipped. */
const findSnippets = (root: string): Snippet[] =>
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

/** The names that an entry of the package exports. */
interface PublicNames {
  /** The name of the entry, such as `crucible-ensemble/operators`. */
  readonly entry: string;
  readonly values: readonly string[];
  readonly types: readonly string[];
}

/**
 * Returns the snippet as a module. Its `// => value` marks become assertions. For each entry that it does not import
 * itself, it gets an import of the public names that it uses.
 */
export const toModule = ({ code }: Snippet, entries: readonly PublicNames[]): string => {
  const free = (name: string): boolean =>
    new RegExp(`\\b${name}\\b`).test(code) &&
    !new RegExp(`\\b(?:const|let|type|interface) ${name}\\b`).test(code);
  const imports = entries.flatMap(({ entry, values, types }) => {
    const used = [...values.filter(free), ...types.filter(free).map((name) => `type ${name}`)];
    return code.includes(`from '${entry}'`) || used.length === 0
      ? []
      : [`import { ${used.join(', ')} } from '${entry}';`];
  });
  return [`import { expect as expectDocumented } from 'vitest';`, ...imports, withAssertions(code)].join(
    '\n',
  );
};

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
