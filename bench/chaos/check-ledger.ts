import type { ModelError, Outcome } from '../../src/index.ts';
import { drawFault } from './draw-fault.ts';
import type { WireCall } from './wiretap.ts';

/** What is compared: what predictions account for, what was sent, and what the server saw. */
export interface Books {
  readonly seed: number;
  /** The outcomes of each prediction that ended, with an answer or without, by its number. */
  readonly outcomes: ReadonlyMap<number, readonly Outcome[]>;
  /** The predictions that were unsubscribed, and so have no account. */
  readonly unsubscribed: ReadonlySet<number>;
  readonly calls: readonly WireCall[];
  /** The names of the requests that the server read, in their order. */
  readonly seen: readonly string[];
}

/** What an account says of one try: how it ended, and with what error. */
interface Told {
  readonly status: Outcome['status'];
  readonly error?: ModelError;
}

/** Errors of calls that a policy turned away: nothing was sent for them. */
const UNSENT = /^(QueueFullError|CircuitOpenError|BudgetExceededError)$/;

/** Each sentence is something that does not add up; none where all of it does. */
export const checkLedger = (books: Books): string[] => [...checkServer(books), ...checkAccounts(books)];

/** Whether the server saw every call that was sent once, and each call ended as what the server did to it. */
const checkServer = ({ seed, calls, seen }: Books): string[] => {
  const faults: string[] = [];
  const times = new Map<string, number>();
  for (const id of seen) times.set(id, (times.get(id) ?? 0) + 1);
  for (const { id, end, response, error } of calls) {
    const { kind, errorName, served, hasUsage } = drawFault(seed, id);
    const count = times.get(id) ?? 0;
    times.delete(id);
    // One that was given up may have been given up before it was sent.
    if (count > 1 || (count === 0 && end !== 'aborted'))
      faults.push(`${id}: ${end}, and seen ${count} times`);
    if (end === 'out') faults.push(`${id}: has no end`);
    if (end === 'answered') {
      const { text, usage } = response ?? {};
      const isServed =
        text === served.text &&
        (!hasUsage ||
          (usage?.inputTokens === served.usage.inputTokens &&
            usage.outputTokens === served.usage.outputTokens));
      if (!isServed || !kind.includes('answer')) faults.push(`${id}: answered, and met "${kind}"`);
    }
    if (end === 'failed') {
      const name = error instanceof Error ? error.name : 'no error';
      if (!errorName?.test(name)) faults.push(`${id}: failed with ${name}, and met "${kind}"`);
    }
  }
  return [...faults, ...Array.from(times.keys(), (id) => `${id}: seen, and never sent`)];
};

/** Whether the accounts have every call that was sent once, with its own end, and none besides. */
const checkAccounts = ({ outcomes, unsubscribed, calls }: Books): string[] => {
  const sent = Map.groupBy(calls, ({ prediction, model }) => `${prediction}/${model}`);
  const faults: string[] = [];
  for (const [prediction, told] of outcomes) {
    for (const outcome of told) {
      const name = `${prediction}/${outcome.model}`;
      const left = [...(sent.get(name) ?? [])];
      sent.delete(name);
      const tries: readonly Told[] = [
        ...(outcome.attempts ?? []).map(({ error }) => ({ status: 'failed' as const, error })),
        outcome,
      ];
      tries.forEach((attempt, index) => {
        const [next] = left;
        if (matches(attempt, next)) left.shift();
        else if (!wasNotSent(attempt, index === tries.length - 1)) {
          faults.push(
            `${name}: try ${index} is ${describe(attempt)}, and what was sent ${next?.end ?? 'is over'}`,
          );
        }
      });
      for (const { id, end } of left) faults.push(`${name}: ${id} was ${end}, and is in no account`);
    }
  }
  for (const [name, rest] of sent) {
    if (!unsubscribed.has(Number(name.split('/')[0]))) {
      faults.push(`${name}: ${rest.length} calls, and no account of them`);
    }
  }
  return faults;
};

const matches = ({ status, error }: Told, call: WireCall | undefined): boolean => {
  if (call === undefined) return false;
  if (call.end === 'answered') return status === 'answered' || status === 'abstained';
  if (call.end === 'failed') return status === 'failed' && error === call.error;
  return status === 'cancelled' || (status === 'failed' && error?.name === 'TimeoutError');
};

/** Whether a try may have sent nothing: it was turned away, or was the last and given up while it waited. */
const wasNotSent = ({ status, error }: Told, isLast: boolean): boolean =>
  UNSENT.test(error?.name ?? '') || (isLast && (status === 'cancelled' || error?.name === 'TimeoutError'));

const describe = ({ status, error }: Told): string =>
  error === undefined ? status : `${status} with ${error.name}`;
