/**
 * Returns a page with its blocks made again: what stands between `<!-- bench:name -->` and `<!-- /bench -->`.
 * Throws if a block has no maker.
 */
export const withBlocks = (text: string, blocks: Readonly<Record<string, () => readonly string[]>>): string =>
  text.replace(/(<!-- bench:([\w-]+) -->\n).*?(<!-- \/bench -->)/gs, (_, begin, name, end) => {
    const made = blocks[name];
    if (made === undefined) throw new Error(`no block is called "${name}"`);
    return `${begin}${made().join('\n')}\n${end}`;
  });
