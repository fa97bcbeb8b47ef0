import { readFile } from 'node:fs/promises';

/** The state of a process now. */
export interface ProcessState {
  readonly isAlive: boolean;
  /** The start time, as a text that no other process with the same id has; absent if the system does not tell. */
  readonly startedAt?: string;
}

/** Resolves with the state of a process. The start time matters because process ids are reused. */
export const processState = async (pid: number): Promise<ProcessState> => {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return { isAlive: false };
    // The process exists and belongs to another user.
  }
  try {
    const [bootId, status] = await Promise.all([
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
      readFile(`/proc/${pid}/stat`, 'utf8'),
    ]);
    // The program name is in parentheses and may contain any character; see proc(5).
    const fields = status.slice(status.lastIndexOf(')') + 2).split(' ');
    // A zombie no longer writes; in a container without init it stays forever.
    const isAlive = fields[0] !== 'Z' && fields[0] !== 'X';
    return { isAlive, startedAt: `${bootId.trim()}/${fields[19]}` };
  } catch {
    // Only Linux has these files.
    return { isAlive: true };
  }
};
