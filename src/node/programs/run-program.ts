import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { readSafely } from '../../domain/foreign.ts';

/** The limits of a program. */
export interface ProgramLimits {
  /** How long it may run, in milliseconds. Default 10,000. */
  readonly timeoutMs: number;
  /**
   * The memory that its process may have, in MiB; children of it are not counted. Default 512. Not limited on Windows, and on
   * systems other than Linux that have no `ps`; the heap of JavaScript is limited everywhere.
   */
  readonly memoryMb: number;
  /** How much it may print, in bytes. Default 64 KiB. */
  readonly maxOutputBytes: number;
}

/** A program to run. */
export interface Program {
  readonly command: readonly string[];
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** What it reads from its standard input. */
  readonly input: string;
  readonly limits: ProgramLimits;
  /** Ends it when it aborts. */
  readonly signal: AbortSignal;
}

/** How a program ended. */
export interface ProgramEnd {
  /** `exit`: by itself. `unstartable`: it did not begin. The others are limits. */
  readonly why: 'exit' | 'time' | 'memory' | 'output' | 'aborted' | 'unstartable';
  /** Its exit code, or the name of the signal or of the error. */
  readonly code: number | string;
  readonly output: string;
  /** What it wrote to its file descriptor 3. */
  readonly report: string;
}

/** How often the memory is looked at. */
const MEMORY_EVERY_MS = 20;

/** A `ps` that does not end is killed, and the next look asks another. */
const LOOK = { timeout: 1_000, killSignal: 'SIGKILL' } as const;

/** How long after its end the output of a program is read: a process that left its group may hold it open. */
const DRAIN_MS = 250;

/**
 * Runs a program in a process group of its own, which is killed at the end: when it exits, at a limit, and when the signal
 * aborts. A process that leaves the group, as with `setsid`, is not killed.
 */
export const runProgram = (program: Program): Promise<ProgramEnd> => {
  if (program.signal.aborted)
    return Promise.resolve({ why: 'aborted', code: 'aborted', output: '', report: '' });
  const [file = '', ...given] = program.command;
  const child = spawn(file, given, {
    cwd: program.folder,
    env: { ...program.env },
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
  return new RunningProgram(child, program).end;
};

class RunningProgram {
  readonly end: Promise<ProgramEnd>;
  readonly #child: ChildProcess;
  readonly #limits: ProgramLimits;
  readonly #timers: (() => void)[] = [];
  readonly #output: Buffer[] = [];
  readonly #report: Buffer[] = [];
  #resolve: (end: ProgramEnd) => void = () => undefined;
  #bytes = 0;
  #why: ProgramEnd['why'] | undefined;

  constructor(child: ChildProcess, { limits, signal, input }: Program) {
    this.#child = child;
    this.#limits = limits;
    this.end = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    const [stdin, stdout, stderr, report] = child.stdio;
    this.#collect(stdout as Readable, this.#output);
    this.#collect(stderr as Readable, this.#output);
    this.#collect(report as Readable, this.#report);
    // It may end before it has read its input.
    stdin?.on('error', () => undefined);
    stdin?.end(input);
    const timer = setTimeout(() => this.#stop('time'), limits.timeoutMs);
    const abort = (): void => this.#stop('aborted');
    signal.addEventListener('abort', abort);
    this.#timers.push(
      () => clearTimeout(timer),
      watchedMemory(child.pid, (kb) => {
        if (kb > limits.memoryMb * 1024) this.#stop('memory');
      }),
      () => signal.removeEventListener('abort', abort),
    );
    child.on('error', (error) => {
      if (child.pid === undefined)
        this.#finish('unstartable', String(readSafely(error, 'code') ?? error.name));
    });
    child.on('exit', (code, killedBy) => {
      this.#clear();
      this.#killGroup();
      const finish = (): void => this.#finish(this.#why ?? 'exit', code ?? killedBy ?? 'unknown');
      // The output of a program that was ended is not read.
      if (this.#why !== undefined) return finish();
      const drained = setTimeout(finish, DRAIN_MS);
      child.on('close', () => {
        clearTimeout(drained);
        finish();
      });
    });
  }

  #collect(stream: Readable, chunks: Buffer[]): void {
    stream.on('error', () => undefined);
    stream.on('data', (chunk: Buffer) => {
      this.#bytes += chunk.length;
      if (this.#bytes > this.#limits.maxOutputBytes) this.#stop('output');
      else chunks.push(chunk);
    });
  }

  #stop(why: ProgramEnd['why']): void {
    this.#why ??= why;
    this.#clear();
    this.#killGroup();
  }

  #clear(): void {
    for (const clear of this.#timers.splice(0)) clear();
  }

  #killGroup(): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // The group has ended, or the system has no groups.
    }
    this.#child.kill('SIGKILL');
  }

  #finish(why: ProgramEnd['why'], code: ProgramEnd['code']): void {
    this.#clear();
    for (const stream of this.#child.stdio) stream?.destroy();
    const text = (chunks: readonly Buffer[]): string => Buffer.concat(chunks).toString('utf8');
    this.#resolve({ why, code, output: text(this.#output), report: text(this.#report) });
  }
}

/** Tells the resident memory of a process again and again, if the system does; returns what ends that. */
const watchedMemory = (pid: number | undefined, tell: (kb: number) => void): (() => void) => {
  if (pid === undefined || process.platform === 'win32') return () => undefined;
  const { look, end } = process.platform === 'linux' ? readingStatus(pid, tell) : askingPs(pid, tell);
  const timer = setInterval(look, MEMORY_EVERY_MS);
  return () => {
    clearInterval(timer);
    end();
  };
};

/** Looks at the memory of a process, and ends a look that is under way. */
interface Looking {
  readonly look: () => void;
  readonly end: () => void;
}

const readingStatus = (pid: number, tell: (kb: number) => void): Looking => ({
  look: () => {
    try {
      tell(Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0));
    } catch {
      // It has ended.
    }
  },
  end: () => undefined,
});

/** One `ps` at a time, which does not outlive the program. */
const askingPs = (pid: number, tell: (kb: number) => void): Looking => {
  let ps: ChildProcess | undefined;
  let isOver = false;
  return {
    look: () => {
      if (ps !== undefined) return;
      try {
        ps = execFile('ps', ['-o', 'rss=', '-p', String(pid)], LOOK, (error, output) => {
          ps = undefined;
          if (error === null && !isOver) tell(Number(output));
        });
        ps.unref();
      } catch {
        // The system cannot start it now.
      }
    },
    end: () => {
      isOver = true;
      // Another process may hold its output open.
      ps?.stdout?.destroy();
      ps?.stderr?.destroy();
      ps?.kill('SIGKILL');
    },
  };
};
