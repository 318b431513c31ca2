/**
 * Bytes of canonical base64url, or null. `Buffer.from` skips foreign characters and ignores unused bits, so that one
 * value would have many spellings; a changed spelling must be refused like any other change (P22).
 */
export function decodeBase64url(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : null;
}

/** The same for standard base64 with padding. */
export function decodeBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : null;
}
