/**
 * Makes a function that runs `step`, but never within itself: if it is called during a step, the next step begins when this
 * one has returned. So any number of synchronous steps needs one place on the stack.
 */
export const trampoline = (step: () => void): (() => void) => {
  let due = 0;
  return () => {
    due += 1;
    if (due > 1) return;
    try {
      for (; due > 0; due -= 1) step();
    } finally {
      due = 0;
    }
  };
};
