/** Returns the CPU time that the main thread has taken, in microseconds: other processes and threads do not add to it. */
export const threadMicros = (): number => {
  const { user, system } = process.threadCpuUsage();
  return user + system;
};
