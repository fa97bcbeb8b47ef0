import type { JournalFile, JournalSystem } from '../../../src/node/journal/journal-system.ts';
import type { ProcessState } from '../../../src/node/journal/process-start.ts';

/** A file of a disk in memory. Several names may lead to one. */
interface Content {
  bytes: Buffer;
  names: number;
  isFile: boolean;
}

/** An error as the file system has it. */
export const systemError = (code: string): NodeJS.ErrnoException =>
  Object.assign(new Error(`${code}: a fault of the test`), { code });

type Operation = 'open' | 'read' | 'write' | 'truncate' | 'sync' | 'close' | 'create' | 'remove' | 'realPath';

/**
 * A disk in memory and the processes that use it. A test reads and changes the bytes of a file, and decides what fails.
 */
export class MemoryDisk {
  readonly #contents = new Map<string, Content>();
  /** Where symbolic links lead. */
  readonly #links = new Map<string, string>();
  /** The processes that are alive. */
  readonly processes = new Map<number, ProcessState>();
  /** What was done, such as `write /calls.jsonl`. */
  readonly log: string[] = [];
  /** The error of an operation; none by default. */
  fault: (operation: Operation, path: string) => NodeJS.ErrnoException | undefined = () => undefined;
  /** How many bytes fit on the disk. */
  space = Number.POSITIVE_INFINITY;
  /** How many bytes one read or write handles at the most. */
  portion = Number.POSITIVE_INFINITY;

  bytesOf(path: string): Buffer {
    return this.#existing(path).bytes;
  }

  textOf(path: string): string {
    return this.bytesOf(path).toString();
  }

  /** The paths of all files, sorted. */
  get paths(): readonly string[] {
    return [...this.#contents.keys()].sort();
  }

  put(path: string, bytes: Buffer | string, { isFile = true } = {}): string {
    const present = this.#contents.get(path);
    if (present !== undefined) present.bytes = Buffer.from(bytes);
    else this.#contents.set(path, { bytes: Buffer.from(bytes), names: 1, isFile });
    return path;
  }

  /** Makes `path` a symbolic link to `target`. */
  symlink(target: string, path: string): void {
    this.#links.set(path, target);
  }

  /** Makes `path` another name of the file at `target`. */
  hardLink(target: string, path: string): void {
    const content = this.#existing(target);
    content.names += 1;
    this.#contents.set(path, content);
  }

  /** Removes a name of a file. */
  remove(path: string): void {
    this.#existing(path).names -= 1;
    this.#contents.delete(path);
  }

  /** A process that uses this disk; `exit` ends it as its end does, and `kill` as SIGKILL does. */
  process(
    pid: number,
    { host = 'here', startedAt }: { readonly host?: string; readonly startedAt?: string } = {},
  ): JournalSystem & {
    readonly exit: () => void;
    readonly kill: () => void;
    readonly listeners: Set<unknown>;
  } {
    const listeners = new Set<() => void>();
    this.processes.set(pid, { isAlive: true, ...(startedAt !== undefined && { startedAt }) });
    return {
      pid,
      host,
      listeners,
      open: async (path, mode) => this.#opened(this.#target(path), mode),
      realPath: async (path) => {
        this.#do('realPath', path);
        return this.#target(path);
      },
      syncFolderOf: async (path) => this.#do('sync', `folder of ${path}`),
      create: async (path, content) => {
        this.#do('create', path);
        if (this.#contents.has(path) || this.#links.has(path)) return false;
        this.put(path, content);
        return true;
      },
      textAt: (path) => {
        if (this.#links.has(path)) return '';
        const content = this.#contents.get(path);
        return content?.isFile === false ? '' : content?.bytes.toString();
      },
      remove: (path) => {
        this.#do('remove', path);
        this.remove(path);
      },
      stateOf: async (id) => this.processes.get(id) ?? { isAlive: false },
      onExit: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      exit: () => {
        for (const listener of listeners) listener();
        this.processes.delete(pid);
      },
      kill: () => {
        this.processes.delete(pid);
      },
    };
  }

  #target(path: string): string {
    return this.#links.get(path) ?? path;
  }

  #existing(path: string): Content {
    const content = this.#contents.get(this.#target(path));
    if (content === undefined) throw systemError('ENOENT');
    return content;
  }

  #do(operation: Operation, path: string): void {
    this.log.push(`${operation} ${path}`);
    const error = this.fault(operation, path);
    if (error !== undefined) throw error;
  }

  #opened(path: string, mode: 'read' | 'write'): JournalFile {
    this.#do('open', path);
    if (mode === 'write' && !this.#contents.has(path)) this.put(path, '');
    const content = this.#existing(path);
    let isOpen = true;
    const begin = (operation: Operation): void => {
      if (!isOpen) throw systemError('EBADF');
      this.#do(operation, path);
    };
    return {
      read: async (buffer, position) => {
        begin('read');
        const to = Math.min(position + buffer.length, position + this.portion);
        return position < content.bytes.length ? content.bytes.copy(buffer, 0, position, to) : 0;
      },
      write: async (bytes, position) => {
        begin('write');
        const count = Math.min(bytes.length, this.portion, this.space - position);
        if (count <= 0 && bytes.length > 0) throw systemError('ENOSPC');
        const grown = Buffer.alloc(Math.max(content.bytes.length, position + count));
        content.bytes.copy(grown);
        bytes.copy(grown, position, 0, count);
        content.bytes = grown;
        return count;
      },
      truncate: async (size) => {
        begin('truncate');
        content.bytes = Buffer.from(content.bytes.subarray(0, size));
      },
      sync: async () => begin('sync'),
      state: () => ({
        size: content.bytes.length,
        names: content.names,
        isAtPath: this.#contents.get(this.#target(path)) === content,
        isFile: content.isFile,
      }),
      close: async () => {
        begin('close');
        isOpen = false;
      },
    };
  }
}
