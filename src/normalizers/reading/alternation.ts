/**
 * Returns a pattern that matches any of several, with those that begin with the same character in one group. An engine
 * then skips most of a text by the few first characters, instead of trying every pattern at every position.
 *
 * @param patterns Sources of patterns. None has a `|` outside of a group.
 */
export function alternation(patterns: readonly string[]): string {
  const groups = new Map<string, string[]>();
  for (const pattern of patterns) {
    const first = FIRST.exec(pattern)?.[0] ?? '';
    const rests = groups.get(first) ?? [];
    groups.set(first, [...rests, pattern.slice(first.length)]);
  }
  return Array.from(groups, ([first, rests]) => `${first}(?:${rests.join('|')})`).join('|');
}

/** The first character or class of a pattern, unless it may be missing or repeated. */
const FIRST = /^(?:\\.|[^\\([]|\[[^\]]*\])(?![?*+{])/u;
