import { readFile } from 'node:fs/promises';

/** A process as the system knows it now. */
export interface ProcessState {
  readonly isAlive: boolean;
  /** When it started, as a text that no other process with its number has; absent where it cannot be told. */
  readonly startedAt?: string;
}

/** Whether a process runs, and since when: numbers of processes are given again to others. */
export const processState = async (pid: number): Promise<ProcessState> => {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return { isAlive: false };
    // It is there, and belongs to another user.
  }
  try {
    const [bootId, status] = await Promise.all([
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
      readFile(`/proc/${pid}/stat`, 'utf8'),
    ]);
    // The name of the program stands in parentheses and may have any characters; see proc(5).
    const fields = status.slice(status.lastIndexOf(')') + 2).split(' ');
    // A zombie writes no more, and in a container without init it is never cleared away.
    const isAlive = fields[0] !== 'Z' && fields[0] !== 'X';
    return { isAlive, startedAt: `${bootId.trim()}/${fields[19]}` };
  } catch {
    // Only Linux has these files.
    return { isAlive: true };
  }
};
