/**
 * Sets of members as a tree: each node adds one member to the set of its parent, which comes before it. The first node is the
 * set without members.
 */
export interface SetTree {
  readonly parents: Int32Array;
  /** The member that each node adds. */
  readonly added: Int32Array;
  /** The node of each set. */
  readonly nodes: readonly number[];
}

/** Puts sets, each in ascending order, into a tree. */
export const treeOf = (sets: readonly (readonly number[])[]): SetTree => {
  const [parents, added] = [[0], [0]];
  const children = [new Map<number, number>()];
  const childOf = (parent: number, member: number): number => {
    const known = children[parent]?.get(member);
    if (known !== undefined) return known;
    const node = children.push(new Map()) - 1;
    children[parent]?.set(member, node);
    parents.push(parent);
    added.push(member);
    return node;
  };
  const nodes = sets.map((members) => members.reduce(childOf, 0));
  return { parents: Int32Array.from(parents), added: Int32Array.from(added), nodes };
};

/** Returns the members of a node. */
export const membersOf = ({ parents, added }: SetTree, node: number): number[] => {
  const members: number[] = [];
  for (let at = node; at !== 0; at = parents[at] ?? 0) members.push(added[at] ?? 0);
  return members;
};
