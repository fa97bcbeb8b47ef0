import type { Vote } from '../../domain/outcome.ts';
import { toRecord } from '../../domain/record.ts';
import type { Standing } from '../../domain/voter.ts';
import { fromUnits } from '../../domain/weight-units.ts';
import { conviction } from './conviction.ts';

/** What a vote says, in units. */
export interface Evidence {
  /** For each class; the last may be that of all strays. */
  readonly column: readonly number[];
  /** What it adds to its own answer, if that is a stray, beyond what it adds to each stray. */
  readonly own: number;
}

/** An answer that has votes. */
interface Side {
  count: number;
  /** The evidence for it beyond that for its class: a stray shares its class with other strays. */
  own: number;
  /** The vote with the most conviction. */
  spokesman: Vote;
}

/**
 * A running count of evidence: a sum for each class in units, and the number of votes for each answer. If strays are a
 * class, its sum is that of a stray without a vote.
 */
export class BayesPoll implements Standing {
  readonly #places: ReadonlyMap<string, number>;
  readonly #scores: number[];
  readonly #sides = new Map<string, Side>();
  /** The leading answer, until another vote is added. */
  #leader: Side | undefined;

  readonly #other: number | undefined;

  /** @param other the place of the class of strays, if they are one. */
  constructor(places: ReadonlyMap<string, number>, start: readonly number[], other?: number) {
    this.#places = places;
    this.#scores = [...start];
    this.#other = other;
  }

  add(vote: Vote, { column, own }: Evidence): this {
    this.#leader = undefined;
    const side = this.#sides.get(vote.key);
    if (side === undefined) this.#sides.set(vote.key, { count: 1, own, spokesman: vote });
    else {
      side.count += 1;
      side.own += own;
      if (conviction(vote, side.spokesman) > 0) side.spokesman = vote;
    }
    column.forEach((units, index) => {
      this.#scores[index] = (this.#scores[index] ?? 0) + units;
    });
    return this;
  }

  get #leading(): Side | undefined {
    if (this.#leader !== undefined) return this.#leader;
    for (const side of this.#sides.values()) {
      if (this.#leader === undefined || this.#ranksBefore(side, this.#leader)) this.#leader = side;
    }
    return this.#leader;
  }
  /** By evidence. Answers that are not a class rank below all classes, by the number of votes. */
  #ranksBefore(a: Side, b: Side): boolean {
    const [first, second] = [this.#scoreOf(a), this.#scoreOf(b)];
    const votes = first === Number.NEGATIVE_INFINITY ? a.count - b.count : 0;
    return first === second ? (votes || conviction(a.spokesman, b.spokesman)) > 0 : first > second;
  }
  #scoreOf(side: Side | undefined): number {
    if (side === undefined) return Number.NEGATIVE_INFINITY;
    return (this.#scores[this.#placeOf(side)] ?? Number.NEGATIVE_INFINITY) + side.own;
  }
  /** The place of an answer among the classes; -1 if it has none. */
  #placeOf({ spokesman }: Side): number {
    return this.#places.get(spokesman.key) ?? this.#other ?? -1;
  }
  #isStray({ spokesman }: Side): boolean {
    return !this.#places.has(spokesman.key);
  }
  /** The sums of all answers that may be right but for the leader: classes, strays with votes, and a stray without any. */
  #rivals(leader: Side): number[] {
    const classes = this.#isStray(leader) ? this.#scores : this.#scores.toSpliced(this.#placeOf(leader), 1);
    if (this.#other === undefined) return classes;
    const strays = Array.from(this.#sides.values()).filter((side) => side !== leader && this.#isStray(side));
    // Sorted, because a sum of floating-point numbers depends on their order.
    return [...classes, ...strays.map((side) => this.#scoreOf(side)).sort((a, b) => a - b)];
  }

  get leadingVote(): Vote | undefined {
    return this.#leading?.spokesman;
  }
  get answer(): unknown {
    return this.#leading?.spokesman.answer;
  }
  get confidence(): number {
    const leader = this.#leading;
    const own = this.#scoreOf(leader);
    if (leader === undefined || own === Number.NEGATIVE_INFINITY) return 0;
    return 1 / this.#rivals(leader).reduce((sum, score) => sum + Math.exp(fromUnits(score - own)), 1);
  }
  get margin(): number {
    const leader = this.#leading;
    const own = this.#scoreOf(leader);
    if (leader === undefined || own === Number.NEGATIVE_INFINITY) return 0;
    return fromUnits(own - Math.max(...this.#rivals(leader)));
  }
  get total(): number {
    let total = 0;
    for (const { count } of this.#sides.values()) total += count;
    return total;
  }
  get lead(): number {
    return this.#leading?.count ?? 0;
  }
  get runnerUp(): number {
    let most = 0;
    for (const side of this.#sides.values()) if (side !== this.#leading) most = Math.max(most, side.count);
    return most;
  }
  get consensus(): number {
    return this.total === 0 ? 0 : this.lead / this.total;
  }
  get votes(): Record<string, number> {
    return toRecord(this.#sides, ({ count }) => count);
  }
}
