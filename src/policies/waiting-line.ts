import { asapScheduler } from 'rxjs';

/** A member of a waiting line. */
export interface Ticket {
  /** Passes the gate and returns `true`, or returns `false` and keeps waiting. Called at the head of the line. */
  tryEnter(): boolean;
  /** Called when the ticket has passed the gate and left the line. */
  start?(): void;
  /** Called when the ticket has been removed from a line that is too long. */
  turnAway?(): void;
}

/** A queue in front of a gate: first come, first served. */
export interface WaitingLine {
  /** Starts what need not wait, as a ticket that joins an empty line and passes the gate. Otherwise, returns `false`. */
  passAtOnce(tryEnter: () => boolean, start: () => void): boolean;
  /** Adds a ticket to the end and returns a function that removes it. */
  join(ticket: Ticket): () => void;
  isEmpty(): boolean;
  /** Lets tickets through the gate, up to the first that has to wait. */
  advance(): void;
  /**
   * Advances in the next microtask. For calls that are cancelled: if their whole prediction is, the waiting calls that
   * would start now leave before that.
   */
  advanceSoon(): void;
}

/** Options of {@link createWaitingLine}. */
export interface WaitingLineOptions {
  /** The longest line; the newest tickets beyond it are turned away. Default `Infinity`. */
  readonly maxQueued?: number;
  /** Called after each advance, with whether a ticket is waiting. */
  readonly onRest?: (isWaiting: boolean) => void;
}

/**
 * Creates a waiting line. Joining, leaving and advancing take constant time per ticket and leave nothing behind. No
 * ticket starts within the start of another, so that a long line of synchronous calls does not overflow the stack.
 */
export const createWaitingLine = ({
  maxQueued = Number.POSITIVE_INFINITY,
  onRest,
}: WaitingLineOptions = {}): WaitingLine => {
  // A Map by number, because the first entry of a Set is slow to find after many deletions.
  const tickets = new Map<number, Ticket>();
  let firstNumber = 0;
  let nextNumber = 0;
  let isAdvancing = false;
  let isScheduled = false;

  const first = (): Ticket | undefined => {
    while (firstNumber < nextNumber && !tickets.has(firstNumber)) firstNumber += 1;
    return tickets.get(firstNumber);
  };
  const letThrough = (): void => {
    for (let ticket = first(); ticket?.tryEnter() === true; ticket = first()) {
      tickets.delete(firstNumber);
      ticket.start?.();
    }
  };
  const turnAwayLast = (): void => {
    while (!tickets.has(nextNumber - 1)) nextNumber -= 1;
    const last = tickets.get(nextNumber - 1);
    tickets.delete(nextNumber - 1);
    last?.turnAway?.();
  };
  const advance = (): void => {
    // A trampoline: what becomes free while a ticket starts is given away by the loop that is running.
    if (isAdvancing) return;
    isAdvancing = true;
    try {
      letThrough();
      while (tickets.size > maxQueued) {
        turnAwayLast();
        letThrough();
      }
    } finally {
      isAdvancing = false;
      onRest?.(tickets.size > 0);
    }
  };
  const advanceSoon = (): void => {
    if (tickets.size === 0) advance();
    else if (!isScheduled) {
      isScheduled = true;
      asapScheduler.schedule(() => {
        isScheduled = false;
        advance();
      });
    }
  };

  return {
    passAtOnce(tryEnter, start) {
      if (isAdvancing || tickets.size > 0 || !tryEnter()) return false;
      isAdvancing = true;
      try {
        start();
      } finally {
        isAdvancing = false;
        advance();
      }
      return true;
    },
    join(ticket) {
      const number = nextNumber;
      nextNumber += 1;
      tickets.set(number, ticket);
      return () => {
        if (tickets.delete(number) && (number === firstNumber || tickets.size === 0)) advanceSoon();
      };
    },
    isEmpty: () => tickets.size === 0,
    advance,
    advanceSoon,
  };
};
