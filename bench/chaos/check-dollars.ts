import type { Outcome } from '../../src/index.ts';
import type { WireCall } from './wiretap.ts';

/** What is compared in dollars: what predictions account for, and what the server billed. */
export interface DollarBooks {
  /** The outcomes of the predictions that ended, by the name of what they asked. Those that ask the same share one name. */
  readonly outcomes: ReadonlyMap<number, readonly Outcome[]>;
  /** The names of which a prediction was left without an account. */
  readonly unsubscribed: ReadonlySet<number>;
  readonly calls: readonly WireCall[];
  /** What the server billed for each request, in USD. */
  readonly bills: ReadonlyMap<string, number>;
  /** The most that the calls of one prediction may be billed. */
  readonly perPredictionUsd: number;
  /** Whether the answer to a request reports what is billed for it. */
  readonly hasUsage: (id: string) => boolean;
  /** Whether the predictions of a name share their calls. */
  readonly isShared: (name: number) => boolean;
}

/** The sums of the comparison, in USD. */
export interface DollarFigures {
  readonly billedUsd: number;
  /** What ledgers show as reported. */
  readonly reportedUsd: number;
  /** What the server billed for calls whose ledgers are sure. */
  readonly sureUsd: number;
  /** What the server billed for calls that ledgers mark as estimated, partial or unknown, or that were left. */
  readonly markedUsd: number;
  /** What ledgers show for those. */
  readonly estimatedUsd: number;
}

/** Costs are sums of the same numbers in another order. */
const ROUNDING = 1e-12;

/**
 * Compares the ledgers with the bill. A cost that is sure must be the bill to the last digit, and what is not sure must say
 * so. Each sentence is something that does not add up.
 */
export const checkDollars = (
  books: DollarBooks,
): { readonly figures: DollarFigures; readonly faults: readonly string[] } => {
  const faults: string[] = [];
  const billOf = (calls: readonly WireCall[]): number =>
    calls.reduce((sum, { id }) => sum + (books.bills.get(id) ?? 0), 0);
  const sent = Map.groupBy(books.calls, ({ prediction, model }) => `${prediction}/${model}`);
  let [reportedUsd, sureUsd, markedUsd, estimatedUsd] = [0, 0, 0, 0];
  for (const [name, calls] of sent) {
    const prediction = Number(name.split('/')[0]);
    const model = name.split('/')[1];
    const told = (books.outcomes.get(prediction) ?? []).filter((outcome) => outcome.model === model);
    const billedUsd = billOf(calls);
    const shownUsd = told.reduce((sum, { costUsd = 0 }) => sum + costUsd, 0);
    const isSure =
      told.length > 0 &&
      told.every(({ costSource }) => costSource === 'reported') &&
      !books.unsubscribed.has(prediction);
    if (!isSure) {
      markedUsd += billedUsd;
      estimatedUsd += shownUsd;
      // Whoever is still there when a response comes pays for it.
      if (books.isShared(prediction) && !books.unsubscribed.has(prediction)) {
        const answeredUsd = billOf(calls.filter(({ end, id }) => end === 'answered' && books.hasUsage(id)));
        const paidUsd = told.reduce(
          (sum, { costUsd = 0, costSource }) => sum + (costSource === 'estimated' ? 0 : costUsd),
          0,
        );
        if (paidUsd < answeredUsd - ROUNDING) {
          faults.push(`${name}: shows ${paidUsd} USD, and was answered for ${answeredUsd}`);
        }
      }
      for (const { costUsd, costSource } of told) {
        if (costSource === 'reported' && (costUsd ?? 0) > billedUsd + ROUNDING) {
          faults.push(`${name}: shows ${costUsd} USD, and was billed ${billedUsd}`);
        }
      }
    } else {
      sureUsd += billedUsd;
      reportedUsd += shownUsd;
      if (Math.abs(shownUsd - billedUsd) > ROUNDING) {
        faults.push(`${name}: shows ${shownUsd} USD for sure, and was billed ${billedUsd}`);
      }
    }
  }
  for (const [prediction, told] of books.outcomes) {
    for (const { model, costUsd, costSource } of told) {
      // Nothing was sent for it.
      if (!sent.has(`${prediction}/${model}`) && costSource === 'reported' && costUsd !== 0) {
        faults.push(`${prediction}/${model}: shows ${costUsd} USD, and sent nothing`);
      }
    }
  }
  for (const [prediction, calls] of Map.groupBy(books.calls, (call) => call.prediction)) {
    const billedUsd = billOf(calls);
    if (!books.isShared(prediction) && billedUsd > books.perPredictionUsd + ROUNDING) {
      faults.push(`${prediction}: was billed ${billedUsd} USD, of ${books.perPredictionUsd}`);
    }
  }
  const billedUsd = [...books.bills.values()].reduce((sum, usd) => sum + usd, 0);
  if (Math.abs(billedUsd - sureUsd - markedUsd) > 1e-9) {
    faults.push(`billed ${billedUsd} USD, of which ledgers know ${sureUsd} and mark ${markedUsd}`);
  }
  return { figures: { billedUsd, reportedUsd, sureUsd, markedUsd, estimatedUsd }, faults };
};
