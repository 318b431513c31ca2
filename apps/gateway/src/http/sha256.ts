import { createHash } from 'node:crypto';

/** SHA-256 as hex. For texts that nobody can guess, or whose hash is only a name: it is fast, and no way to store a password. */
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
