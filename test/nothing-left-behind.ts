import { afterEach, beforeEach, expect } from 'vitest';

// Every test, whatever it is about, also asserts that it leaves no timer, socket or child process behind.
// A rejection that nobody handles fails the run without help from here: that is vitest's default.

/** The timers that a test has started. The test runner's own come and go, so they cannot just be counted. */
const timers = new Set<NodeJS.Timeout>();

const recorded = <Start extends typeof setTimeout | typeof setInterval>(start: Start): Start =>
  new Proxy(start, {
    apply: (target, self, rest) => {
      const timer = Reflect.apply(target, self, rest);
      timers.add(timer);
      return timer;
    },
  });

globalThis.setTimeout = recorded(setTimeout);
globalThis.setInterval = recorded(setInterval);

/** Those that would keep the process alive: not fired, not cleared, not unref'd. */
const running = (): number =>
  // Node says nowhere in public whether a timer is over; `_destroyed` is what its own tools read.
  [...timers].filter((timer) => timer.hasRef() && Reflect.get(timer, '_destroyed') !== true).length;

const connections = new Set(['TCPSocketWrap', 'TCPServerWrap', 'ProcessWrap']);

const connected = (): string[] => process.getActiveResourcesInfo().filter((name) => connections.has(name));

let connectedBefore = 0;

beforeEach(() => {
  timers.clear();
  connectedBefore = connected().length;
});

afterEach(async ({ task }) => {
  // Tests that run at the same time see each other's.
  if (task.concurrent === true) return;
  // A closed socket is gone only after its close event has been delivered.
  for (let turn = 0; turn < 20 && connected().length > connectedBefore; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(running(), 'timers left behind').toBe(0);
  expect(connected().length, `left behind: ${connected().join(', ')}`).toBeLessThanOrEqual(connectedBefore);
});
