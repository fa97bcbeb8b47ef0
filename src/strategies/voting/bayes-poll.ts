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
  /** The leading vote, until another vote is added. */
  #leader: Vote | undefined;

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

  get leadingVote(): Vote | undefined {
    this.#leader ??= this.#findLeader();
    return this.#leader;
  }
  #findLeader(): Vote | undefined {
    let best: Side | undefined;
    for (const side of this.#sides.values())
      if (best === undefined || this.#ranksBefore(side, best)) best = side;
    return best?.spokesman;
  }
  /** By evidence. Answers that are not a class rank below all classes, by the number of votes. */
  #ranksBefore(a: Side, b: Side): boolean {
    const [first, second] = [this.#scoreOf(a.spokesman.key), this.#scoreOf(b.spokesman.key)];
    if (first !== second) return first > second;
    const votes = first === Number.NEGATIVE_INFINITY ? a.count - b.count : 0;
    return (votes || conviction(a.spokesman, b.spokesman)) > 0;
  }
  #scoreOf(key: string): number {
    return this.#scores[this.#places.get(key) ?? -1] ?? Number.NEGATIVE_INFINITY;
  }
  get answer(): unknown {
    return this.leadingVote?.answer;
  }
  get #place(): number | undefined {
    return this.#places.get(this.leadingVote?.key ?? '');
  }
  get confidence(): number {
    const place = this.#place;
    if (place === undefined) return 0;
    const own = this.#scores[place] ?? 0;
    return 1 / this.#scores.reduce((sum, score) => sum + Math.exp(fromUnits(score - own)), 0);
  }
  get margin(): number {
    const place = this.#place;
    if (place === undefined) return 0;
    const others = this.#scores.filter((_, index) => index !== place);
    return fromUnits((this.#scores[place] ?? 0) - Math.max(...others));
  }
  get total(): number {
    return Array.from(this.#sides.values()).reduce((sum, { count }) => sum + count, 0);
  }
  get lead(): number {
    return this.#sides.get(this.leadingVote?.key ?? '')?.count ?? 0;
  }
  get runnerUp(): number {
    const leader = this.leadingVote?.key;
    return Math.max(0, ...Array.from(this.#sides, ([key, { count }]) => (key === leader ? 0 : count)));
  }
  get consensus(): number {
    return this.total === 0 ? 0 : this.lead / this.total;
  }
  get votes(): Record<string, number> {
    return toRecord(this.#sides, ({ count }) => count);
  }
}
