/** What a node of a read answer is. */
export type NodeKind =
  /** A decimal number; its value is the number as written, without separators of thousands. */
  | 'number'
  /** A variable. */
  | 'name'
  /** π, e, i or ∞. */
  | 'constant'
  /** An operation or a function of its parts; `()` is a part in parentheses. */
  | 'operation'
  /** Parts in brackets; its value is the brackets, such as `[)`. */
  | 'tuple'
  | 'set'
  /** Parts with commas, semicolons, "or" and "and" between them; its value is these separators. */
  | 'list'
  /** Rows, each a tuple. */
  | 'matrix'
  /** Sides of a chain of relations; its value is the relations. */
  | 'relation'
  /** Sets with `∪`, `∩` or `∖` between them. */
  | 'sets'
  | 'ratio'
  /** A quantity in a unit; its value is the unit. */
  | 'unit'
  /** A number of things; its value is what they are. */
  | 'count'
  | 'words';

/** A part of a read answer, of any kind. */
export interface Node {
  readonly kind: NodeKind;
  readonly value: string;
  readonly parts: readonly Node[];
}

export const node = (kind: NodeKind, value: string, parts: readonly Node[] = []): Node => ({
  kind,
  value,
  parts,
});

export const operation = (value: string, ...parts: readonly Node[]): Node => node('operation', value, parts);

export const numeral = (value: string): Node => node('number', value);

export const isOperation = ({ kind, value }: Node, ...values: readonly string[]): boolean =>
  kind === 'operation' && values.includes(value);

/** The parts of several values in brackets, or the only value. */
export const valuesIn = (value: Node): readonly Node[] =>
  /^(?:tuple|list|set)$/.test(value.kind) ? value.parts : [value];

/** A list with commas. */
export const listOf = (parts: readonly Node[]): Node => node('list', parts.map(() => ',').join(' '), parts);

/** The parts of a list in groups, which some of its separators divide. */
export const groupsOf = ({ value, parts }: Node, dividers: string): readonly (readonly Node[])[] => {
  const separators = value.split(' ');
  const groups: Node[][] = [[]];
  parts.forEach((part, index) => {
    groups.at(-1)?.push(part);
    const separator = separators[index];
    if (separator && dividers.includes(separator)) groups.push([]);
  });
  return groups;
};

/** The name that a function is called by: itself, or the base of a power such as that of `f^{-1}(x)`. */
export const calledName = (called: Node | undefined): string | undefined => {
  const base = called !== undefined && isOperation(called, '^') ? called.parts[0] : called;
  return base?.kind === 'name' ? base.value : undefined;
};

/** Whether a node or one below it fits. */
export const contains = (tree: Node, fits: (part: Node) => boolean): boolean =>
  fits(tree) || tree.parts.some((part) => contains(part, fits));

/** The names in a node, sorted. */
export const namesIn = (tree: Node): readonly string[] => {
  const names = new Set<string>();
  const visit = ({ kind, value, parts }: Node): void => {
    if (kind === 'name') names.add(value);
    parts.forEach(visit);
  };
  visit(tree);
  return [...names].sort();
};
