import type { ProcessState } from './process-start.ts';

/** The file system and the processes, as far as a journal needs them. Tests use one in memory. */
export interface JournalSystem {
  /** The id of this process. */
  readonly pid: number;
  /** The name of this machine. */
  readonly host: string;
  /** Opens a file for reading, or for reading and writing; the latter creates it. */
  open(path: string, mode: 'read' | 'write'): Promise<JournalFile>;
  /** Resolves with the path of the file itself if `path` is a link. */
  realPath(path: string): Promise<string>;
  /** Resolves once the folder of a file is on the storage device; without it, a new file may be lost. */
  syncFolderOf(path: string): Promise<void>;
  /** Creates a file that has its whole content as soon as it exists. Resolves with `false` if the path is taken. */
  create(path: string, content: string): Promise<boolean>;
  /** Returns the text of a small file; `undefined` if nothing is there, and `''` if it is not a small file. */
  textAt(path: string): string | undefined;
  remove(path: string): void;
  /** Resolves with the state of a process. */
  stateOf(pid: number): Promise<ProcessState>;
  /** Calls a function when this process exits. Returns the function that cancels this. */
  onExit(listener: () => void): () => void;
}

/** An open file. Positions are offsets in bytes. */
export interface JournalFile {
  /** Reads into the buffer. Resolves with the number of bytes; 0 at the end of the file. */
  read(buffer: Buffer, position: number): Promise<number>;
  /** Writes bytes. Resolves with how many were written, which may be fewer. */
  write(bytes: Buffer, position: number): Promise<number>;
  truncate(size: number): Promise<void>;
  /** Resolves once everything written is on the storage device. */
  sync(): Promise<void>;
  /** The state of the file now. Synchronous, because it precedes every write and takes microseconds. */
  state(): FileState;
  close(): Promise<void>;
}

/** The state of an open file. */
export interface FileState {
  readonly size: number;
  /** The number of names (hard links) of the file. */
  readonly names: number;
  /** Whether the path still leads to the file, which was not moved, replaced or deleted. */
  readonly isAtPath: boolean;
  /** Whether it is a regular file, and not a folder, pipe or device. */
  readonly isFile: boolean;
}
