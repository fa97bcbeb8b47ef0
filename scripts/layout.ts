/**
 * The layout of `src/`: which room may import which. A room is a folder directly in `src/`, or a file that lies
 * loose in it. `npm run check:layout` checks the sources against it.
 */

/** The layers from bottom to top. A room may import rooms of its own layer and of those below. */
export const layers: readonly (readonly string[])[] = [
  ['domain', 'time', 'rendering'],
  ['options'],
  ['strategies', 'normalizers', 'policies', 'providers'],
  ['models', 'telemetry', 'metrics', 'catalog', 'math', 'grouping', 'deciders', 'checks'],
  ['engine'],
  ['operators', 'chat'],
  ['core', 'values'],
  ['ensemble'],
  ['index', 'auto', 'experiment', 'testing', 'server'],
  ['report', 'node', 'mcp', 'ai-sdk', 'langchain', 'client'],
  ['cli', 'nest', 'angular'],
];

/** How many files may lie loose in `src/`. */
export const MOST_LOOSE_FILES = 3;

/** The files that each file imports, types included. Paths are relative to `src/`, such as `engine/run.ts`. */
export type Imports = Readonly<Record<string, readonly string[]>>;

/** What the layout comes to. */
export interface Layout {
  readonly files: number;
  readonly rooms: readonly string[];
  /** Rooms on the longest way of arrows from top to bottom. */
  readonly floors: number;
  /** Imports between rooms, as `from → to`, each pair once. */
  readonly arrows: readonly string[];
  /** Imports of a file in a higher layer, as `from → to`. */
  readonly back: readonly string[];
  /** Files that import each other, directly or by way of others; each group once. */
  readonly fileCircles: readonly (readonly string[])[];
  /** Rooms that import each other, directly or by way of others; each group once. */
  readonly roomCircles: readonly (readonly string[])[];
  readonly looseFiles: readonly string[];
  /** Rooms that stand in no layer. An import from outside of `src/` counts as one. */
  readonly unknownRooms: readonly string[];
}

/** A comment, which may contain quotes and semicolons. */
const comment = String.raw`//[^\n]*|/\*[^]*?\*/`;

/** Imports and re-exports at the beginning of a line, also over several lines, and `import()` of code or types. */
const importing = new RegExp(
  [
    String.raw`^(?:import|export)\b(?:${comment}|\bas\s+'[^'\n]*'|[^;'"])*?\bfrom\s*'(\.[^']+)'`,
    String.raw`^import\s*'(\.[^']+)'`,
    String.raw`\bimport\((?:\s|${comment})*['"\`](\.[^'"\`]+)['"\`]`,
  ].join('|'),
  'gm',
);

const resolved = (from: string, target: string): string =>
  new URL(target, `file:///${from}`).pathname.slice(1);

/** Returns the files that a source file imports by a relative path. */
export const importsOf = (path: string, text: string): string[] => [
  ...new Set(
    [...text.matchAll(importing)].map((match) => resolved(path, match[1] ?? match[2] ?? match[3] ?? '')),
  ),
];

const roomOf = (path: string): string => path.split('/')[0]?.replace(/\.ts$/, '') ?? '';

/** Returns the layout that imports come to. */
export const layoutOf = (imports: Imports): Layout => {
  const files = Object.keys(imports);
  const rooms = [...new Set(files.map(roomOf))].toSorted();
  const pairs = files.flatMap((from) => (imports[from] ?? []).map((to) => [from, to] as const));
  const between = Map.groupBy(
    pairs.filter(([from, to]) => roomOf(from) !== roomOf(to)),
    ([from]) => roomOf(from),
  );
  const roomImports = Object.fromEntries(
    rooms.map((room) => [room, [...new Set((between.get(room) ?? []).map(([, to]) => roomOf(to)))]]),
  );
  const layerOf = (path: string): number => layers.findIndex((layer) => layer.includes(roomOf(path)));
  return {
    files: files.length,
    rooms,
    floors: longestWay(roomImports),
    arrows: rooms.flatMap((room) => (roomImports[room] ?? []).toSorted().map((to) => `${room} → ${to}`)),
    back: pairs.filter(([from, to]) => layerOf(from) < layerOf(to)).map(([from, to]) => `${from} → ${to}`),
    fileCircles: circlesOf(imports),
    roomCircles: circlesOf(roomImports),
    looseFiles: files.filter((path) => !path.includes('/')),
    unknownRooms: [...new Set([...files, ...pairs.map(([, to]) => to)].map(roomOf))].filter(
      (room) => layerOf(room) === -1,
    ),
  };
};

/** Returns one sentence for each violation. */
export const violationsOf = (layout: Layout): string[] => [
  ...layout.unknownRooms.map((room) => `src/${room} stands in no layer: name it in scripts/layout.ts`),
  ...layout.back.map((arrow) => `a lower layer imports a higher one: ${arrow}`),
  ...layout.fileCircles.map((circle) => `files import each other: ${circle.join(', ')}`),
  ...layout.roomCircles.map((circle) => `rooms import each other: ${circle.join(', ')}`),
  ...(layout.looseFiles.length > MOST_LOOSE_FILES
    ? [
        `${layout.looseFiles.length} files lie loose in src/, at most ${MOST_LOOSE_FILES} may: ${layout.looseFiles.join(', ')}`,
      ]
    : []),
];

/** Returns the groups of nodes that reach each other, by Tarjan's algorithm. */
const circlesOf = (graph: Imports): string[][] => {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const circles: string[][] = [];
  const visit = (node: string): void => {
    const index = order.size;
    order.set(node, index);
    lowest.set(node, index);
    stack.push(node);
    for (const next of graph[node] ?? []) {
      if (!order.has(next)) visit(next);
      if (stack.includes(next)) {
        lowest.set(node, Math.min(lowest.get(node) ?? index, lowest.get(next) ?? index));
      }
    }
    if (lowest.get(node) !== index) return;
    const group = stack.splice(stack.indexOf(node));
    if (group.length > 1 || (graph[node] ?? []).includes(node)) circles.push(group.toSorted());
  };
  for (const node of Object.keys(graph)) if (!order.has(node)) visit(node);
  return circles;
};

/** Returns the number of nodes on the longest way; a circle counts once. */
const longestWay = (graph: Imports): number => {
  const known = new Map<string, number>();
  const wayFrom = (node: string): number => {
    const before = known.get(node);
    if (before !== undefined) return before;
    known.set(node, 0);
    const way = 1 + Math.max(0, ...(graph[node] ?? []).map(wayFrom));
    known.set(node, way);
    return way;
  };
  return Math.max(0, ...Object.keys(graph).map(wayFrom));
};
