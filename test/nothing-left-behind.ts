import { afterEach, beforeEach, expect } from 'vitest';

// Every test, whatever it is about, also asserts that it leaves no timer, socket or child process behind.
// A rejection that nobody handles fails the run without help from here: that is vitest's default.

const watched = new Set(['Timeout', 'Immediate', 'TCPSocketWrap', 'TCPServerWrap', 'ProcessWrap']);

const open = (): string[] => process.getActiveResourcesInfo().filter((resource) => watched.has(resource));

let before = 0;

beforeEach(() => {
  before = open().length;
});

afterEach(async ({ task }) => {
  // Tests that run at the same time see each other's timers.
  if (task.concurrent === true) return;
  // A closed socket is gone only after its close event has been delivered.
  for (let turn = 0; turn < 20 && open().length > before; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(open().length, `left behind: ${open().join(', ')}`).toBeLessThanOrEqual(before);
});
