import { CliError } from './cli-error.js';

const elsewhere = 'Change its owner, or name another folder in ROLLCALL_DIR; then run the same command again.';
const makeRoom = 'Make room on that disk, then run the same command again: it goes on where it stopped.';

/** What the system says of files and folders, in words. */
const words: Readonly<Record<string, readonly [what: string, cure: string]>> = {
  EACCES: ['may not be read or written by this user', elsewhere],
  EPERM: ['may not be changed by this user', elsewhere],
  EROFS: ['lies on a disk that cannot be written', elsewhere],
  ENOSPC: ['could not be written: the disk is full', makeRoom],
  EDQUOT: ['could not be written: the quota of this user is used up', makeRoom],
  ENOTDIR: ['cannot be used: a part of this path is a file where a folder has to be', elsewhere],
  EMFILE: [
    'could not be opened: this user has too many files open',
    'End other programs, or raise the limit (`ulimit -n`).',
  ],
};

/** An error of the file system as one line and its cure; null for any other error. */
export function fileFault(error: unknown): CliError | null {
  if (!(error instanceof Error)) return null;
  const { code, path } = error as NodeJS.ErrnoException;
  const [what, cure] = words[code ?? ''] ?? [];
  if (what === undefined || cure === undefined) return null;
  return new CliError(`${path ?? 'A file'} ${what}.`, cure, { cause: error });
}
