import { hash } from 'node:crypto';

/** The offsets of entries, by key. */
export interface KeyTable {
  /**
   * Returns the positions of this key, and of other keys with the same 64 bits of digest. Compare the key of the
   * entry there: among a million keys, a collision occurs once in 37 million tables.
   */
  positionsOf(key: string): readonly number[];
  /** Adds a position of a key, from 1 to 2⁵³ − 1. */
  add(key: string, position: number): void;
  /** Replaces a position of a key by another one. */
  move(key: string, from: number, to: number): void;
}

const INITIAL_SLOTS = 64;

/**
 * Returns an open-addressing hash table, at most two thirds full. A slot holds 64 bits of the key's SHA-256 and the
 * position: 16 bytes outside of the JavaScript heap. A `Map` of millions of keys would be on the heap, and every
 * garbage collection would walk through it.
 */
export const createKeyTable = (): KeyTable => {
  let slots = INITIAL_SLOTS;
  let used = 0;
  let homes = new Uint32Array(slots);
  let tags = new Uint32Array(slots);
  // 0 marks a free slot.
  let positions = new Float64Array(slots);

  const insert = (home: number, tag: number, position: number): void => {
    let slot = home & (slots - 1);
    while (positions[slot] !== 0) slot = (slot + 1) & (slots - 1);
    homes[slot] = home;
    tags[slot] = tag;
    positions[slot] = position;
  };

  const grow = (): void => {
    const [oldHomes, oldTags, oldPositions] = [homes, tags, positions];
    slots *= 2;
    homes = new Uint32Array(slots);
    tags = new Uint32Array(slots);
    positions = new Float64Array(slots);
    oldPositions.forEach((position, slot) => {
      if (position !== 0) insert(oldHomes[slot] as number, oldTags[slot] as number, position);
    });
  };

  const matches = (key: string): number[] => {
    const [home, tag] = digest(key);
    const found: number[] = [];
    for (let slot = home & (slots - 1); positions[slot] !== 0; slot = (slot + 1) & (slots - 1)) {
      if (homes[slot] === home && tags[slot] === tag) found.push(slot);
    }
    return found;
  };

  return {
    positionsOf: (key) => matches(key).map((slot) => positions[slot] as number),
    add(key, position) {
      if (used * 3 >= slots * 2) grow();
      used += 1;
      insert(...digest(key), position);
    },
    move(key, from, to) {
      const slot = matches(key).find((candidate) => positions[candidate] === from);
      if (slot !== undefined) positions[slot] = to;
    },
  };
};

const digest = (key: string): readonly [number, number] => {
  const bytes = hash('sha256', key, 'buffer');
  return [bytes.readUInt32LE(0), bytes.readUInt32LE(4)];
};
