import type { Vote } from '../../domain/outcome.ts';
import { toRecord } from '../../domain/record.ts';
import type { Standing } from '../../domain/voter.ts';
import { fromUnits } from '../../domain/weight-units.ts';
import { conviction } from './conviction.ts';

/** An answer that has votes. */
interface Side {
  count: number;
  /** The vote with the most conviction. */
  spokesman: Vote;
}

/** A running count of evidence: a sum for each class in units, and the number of votes for each answer. */
export class BayesPoll implements Standing {
  readonly #places: ReadonlyMap<string, number>;
  readonly #scores: number[];
  readonly #sides = new Map<string, Side>();
  /** The leading answer, until another vote is added. */
  #leader: Side | undefined;

  constructor(places: ReadonlyMap<string, number>, start: readonly number[]) {
    this.#places = places;
    this.#scores = [...start];
  }

  /** Counts one vote; `column` is what it says for each class. */
  add(vote: Vote, column: readonly number[]): this {
    this.#leader = undefined;
    const side = this.#sides.get(vote.key);
    if (side === undefined) this.#sides.set(vote.key, { count: 1, spokesman: vote });
    else {
      side.count += 1;
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
    return this.#scores[this.#placeOf(side)] ?? Number.NEGATIVE_INFINITY;
  }
  /** The place of an answer among the classes; -1 if it is not a class. */
  #placeOf(side: Side | undefined): number {
    return (side && this.#places.get(side.spokesman.key)) ?? -1;
  }

  get leadingVote(): Vote | undefined {
    return this.#leading?.spokesman;
  }
  get answer(): unknown {
    return this.#leading?.spokesman.answer;
  }
  get confidence(): number {
    const own = this.#scoreOf(this.#leading);
    if (own === Number.NEGATIVE_INFINITY) return 0;
    return 1 / this.#scores.reduce((sum, score) => sum + Math.exp(fromUnits(score - own)), 0);
  }
  get margin(): number {
    const place = this.#placeOf(this.#leading);
    const own = this.#scores[place];
    if (own === undefined) return 0;
    return fromUnits(own - Math.max(...this.#scores.toSpliced(place, 1)));
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
