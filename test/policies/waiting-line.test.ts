import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createWaitingLine, type WaitingLineOptions } from '../../src/policies/waiting-line.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

/** A line in front of a gate with some free slots. */
const gated = (slots: number, options: WaitingLineOptions = {}) => {
  const line = createWaitingLine(options);
  const said: string[] = [];
  const gate = { free: slots, tries: 0 };
  const join = (name: string, onStart: () => void = () => {}, onTurnAway: () => void = () => {}) =>
    line.join({
      tryEnter() {
        gate.tries += 1;
        if (gate.free === 0) return false;
        gate.free -= 1;
        return true;
      },
      start() {
        said.push(name);
        onStart();
      },
      turnAway() {
        said.push(`${name} away`);
        onTurnAway();
      },
    });
  return { line, said, gate, join };
};

describe('a waiting line', () => {
  it('lets tickets through in the order in which they joined, also after some have left', () => {
    const names = fc.array(fc.record({ leaves: fc.boolean(), frees: fc.nat(2) }), { maxLength: 40 });
    fc.assert(
      fc.property(names, (plans) => {
        const { line, said, gate, join } = gated(0);
        const leave = plans.map((_, index) => join(String(index)));
        const expected: string[] = [];
        let waiting = plans.map((_, index) => index);
        plans.forEach(({ leaves, frees }, index) => {
          if (leaves) {
            leave[index]?.();
            waiting = waiting.filter((one) => one !== index);
          }
          gate.free += frees;
          line.advance();
          const through = waiting.slice(0, gate.free + said.length - expected.length);
          expected.push(...through.map(String));
          waiting = waiting.slice(through.length);
          expect(said).toStrictEqual(expected);
        });
        expect(line.isEmpty()).toBe(waiting.length === 0);
        vi.runAllTimers();
      }),
    );
  });

  it('starts no ticket within another, however long it is', () => {
    const { line, said, gate, join } = gated(1);
    let depth = 0;
    for (let index = 0; index < 10_000; index += 1) {
      join(String(index), () => {
        depth += 1;
        expect(depth).toBe(1);
        gate.free += 1;
        line.advance();
        depth -= 1;
      });
    }
    line.advance();
    expect(said).toHaveLength(10_000);
  });

  it('turns the newest away when it is too long, and lets through what becomes free at that', () => {
    const { line, said, gate, join } = gated(0, { maxQueued: 1 });
    join('first');
    join(
      'second',
      () => {},
      () => {
        gate.free += 1;
        line.advance();
      },
    );
    line.advance();
    expect(said).toStrictEqual(['second away', 'first']);
  });

  it('turns away the newest that is still there', () => {
    const { line, said, join } = gated(1, { maxQueued: 1 });
    join('first', () => {
      join('second');
      join('third');
      join('fourth')();
    });
    line.advance();
    expect(said).toStrictEqual(['first', 'third away']);
    expect(line.isEmpty()).toBe(false);
  });

  it('tries the gate once for all that leave together', async () => {
    const { line, said, gate, join } = gated(0);
    const leave = Array.from({ length: 100 }, (_, index) => join(String(index)));
    join('last');
    line.advance();
    gate.tries = 0;
    for (const each of leave) each();
    line.advanceSoon();
    expect(gate.tries).toBe(0);
    await vi.runAllTimersAsync();
    expect(gate.tries).toBe(1);
    gate.free = 1;
    line.advanceSoon();
    await vi.runAllTimersAsync();
    expect(said).toStrictEqual(['last']);
  });

  it('says after each advance whether somebody waits', () => {
    const onRest = vi.fn();
    const { line, gate, join } = gated(0, { onRest });
    const leave = join('first');
    line.advance();
    leave();
    leave();
    gate.free = 1;
    join('second');
    line.advance();
    expect(onRest.mock.calls).toStrictEqual([[true], [false], [false]]);
  });

  it('keeps nothing of the tickets that have left or gone through, behind one that waits for good', async () => {
    vi.useRealTimers();
    const line = createWaitingLine();
    line.join({ tryEnter: () => false });
    const gone: WeakRef<object>[] = [];
    for (let index = 0; index < 1000; index += 1) {
      const ticket = { tryEnter: () => false };
      gone.push(new WeakRef(ticket));
      line.join(ticket)();
    }
    await new Promise((resolve) => setImmediate(resolve));
    collect();
    expect(gone.filter((ticket) => ticket.deref() !== undefined).length).toBeLessThan(10);
    expect(line.isEmpty()).toBe(false);
  });
});
