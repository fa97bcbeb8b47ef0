import { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, expect } from 'vitest';

// Every test also asserts that it leaves no timer, socket or child process behind.
// An unhandled rejection fails the run by vitest's default.

/** Where a thread keeps its timers: this file runs once for each test file, but many test files share a thread. */
const key = Symbol.for('crucible-ensemble: timers that tests have started');

const recorded = <Start extends typeof setTimeout | typeof setInterval>(
  start: Start,
  timers: Set<NodeJS.Timeout>,
): Start =>
  new Proxy(start, {
    apply: (target, self, rest) => {
      const timer = Reflect.apply(target, self, rest);
      timers.add(timer);
      return timer;
    },
  });

const recordTimers = (): Set<NodeJS.Timeout> => {
  const timers = new Set<NodeJS.Timeout>();
  globalThis.setTimeout = recorded(setTimeout, timers);
  globalThis.setInterval = recorded(setInterval, timers);
  Reflect.set(globalThis, key, timers);
  return timers;
};

/** The timers that a test has started. The test runner has timers too, so those of the process cannot be counted. */
const timers: Set<NodeJS.Timeout> = Reflect.get(globalThis, key) ?? recordTimers();

/** The timers that would keep the process alive: not fired, not cleared, not unref'd. */
const running = (): number =>
  // Node has no public way to tell whether a timer is over; its own tools read `_destroyed`.
  [...timers].filter((timer) => timer.hasRef() && Reflect.get(timer, '_destroyed') !== true).length;

const connections = new Set(['TCPSocketWrap', 'TCPServerWrap', 'ProcessWrap']);

const connected = (): string[] => process.getActiveResourcesInfo().filter((name) => connections.has(name));

/** Waits until the system has ended the processes that were killed: the code has done its part, and a busy system may be late. */
const killedHaveEnded = async (): Promise<void> => {
  // Node has no public way to list them.
  const handles: unknown[] = Reflect.apply(Reflect.get(process, '_getActiveHandles'), process, []);
  const ending = handles.filter(
    (handle): handle is ChildProcess =>
      handle instanceof ChildProcess &&
      handle.killed &&
      handle.exitCode === null &&
      handle.signalCode === null,
  );
  await Promise.all(ending.map((child) => once(child, 'exit')));
};

let connectedBefore = 0;

beforeEach(() => {
  timers.clear();
  connectedBefore = connected().length;
});

afterEach(async ({ task }) => {
  // Concurrent tests would see each other's timers and sockets.
  if (task.concurrent === true) return;
  await killedHaveEnded();
  // A closed socket is gone only after its close event has been delivered.
  for (let turn = 0; turn < 20 && connected().length > connectedBefore; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(running(), 'timers left behind').toBe(0);
  expect(connected().length, `left behind: ${connected().join(', ')}`).toBeLessThanOrEqual(connectedBefore);
});
