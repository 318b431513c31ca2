import { readFileSync } from 'node:fs';

export const sha256Hash = /^[0-9a-f]{64}$/;

/** The SHA-256 hash in a file, or what is wrong with the file as the rest of a sentence. */
export function readHashFile(path: string): { hash: string; problem: null } | { hash: null; problem: string } {
  try {
    const hash = readFileSync(path, 'utf8').trim();
    if (sha256Hash.test(hash)) return { hash, problem: null };
    return { hash: null, problem: `${path} must hold a SHA-256 hash and nothing else: 64 hex digits in lower case` };
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    const cure = 'run `rollcall provision`, which writes it, and check its rights';
    return { hash: null, problem: `${path} cannot be read (${reason}); ${cure}` };
  }
}
