import { isAlias, parseDocument, visit } from 'yaml';
import { ConfigError } from '../../domain/errors.ts';
import { shownPath } from '../../domain/quoting.ts';
import { lineAndColumn } from './line-and-column.ts';

/** The maximum number of uses of one anchor, nested ones multiplied, so that a short file cannot become a huge object. */
const MAX_ALIASES = 100;

/**
 * Parses YAML 1.2 with the values of JSON: its core schema, anchors, aliases and merges (`<<`). There is no other tag, and
 * no second document.
 *
 * @throws {ConfigError} with the line and the column of the first fault, without the content of the file, which may be a
 * key.
 */
export const parseYaml = (path: string, text: string): unknown => {
  const refuse = (fault: string, position?: number): never => {
    const place = position === undefined ? '' : `, ${lineAndColumn(text, position)}`;
    throw new ConfigError([`${shownPath(path)}${place}: invalid YAML: ${fault}`]);
  };
  const document = parseDocument(text, {
    logLevel: 'error',
    merge: true,
    prettyErrors: false,
    resolveKnownTags: false,
    schema: 'core',
    stringKeys: true,
  });
  const [fault] = [...document.errors, ...document.warnings];
  if (fault !== undefined) refuse(faults[fault.code] ?? OTHER_FAULT, fault.pos[0]);
  visit(document, (_, node) => {
    if (isAlias(node) && node.resolve(document) === undefined)
      refuse('this alias has no anchor before it; write the anchor, &name, first', node.range?.[0]);
  });
  try {
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    // Refuses an alias within its own anchor, of which the value has no end.
    JSON.stringify(value);
    return value;
  } catch (error) {
    const reason = error instanceof ReferenceError ? TOO_MANY : error instanceof TypeError ? ENDLESS : MERGE;
    return refuse(error instanceof RangeError ? 'it is nested too deeply' : reason);
  }
};

const TOO_MANY = `its aliases stand for more than ${MAX_ALIASES} values; write these out`;
const ENDLESS = 'an alias is part of its own anchor; write the value out';
const MERGE = 'a merge, <<, needs a mapping, such as <<: *name';
const OTHER_FAULT = 'check the indentation and the quotes';
const INDENTATION = 'check the indentation, and that every [, { and quote is closed';
const QUOTES = 'put the text in quotes';

/** What to do about a fault, by its code in the parser. */
const faults: Readonly<Record<string, string>> = {
  BAD_INDENT: INDENTATION,
  MISSING_CHAR: INDENTATION,
  BLOCK_AS_IMPLICIT_KEY: 'a text with ": " must stand in quotes',
  BAD_SCALAR_START: QUOTES,
  UNEXPECTED_TOKEN: INDENTATION,
  MULTILINE_IMPLICIT_KEY: 'write a name and its colon on one line',
  DUPLICATE_KEY: 'this name is used twice; remove one',
  MULTIPLE_DOCS: 'a file has one document; remove the line ---',
  NON_STRING_KEY: 'write each name as a text',
  TAB_AS_INDENT: 'indent with spaces, not with tabs',
  TAG_RESOLVE_FAILED: 'there are no tags such as !name; remove it',
};
