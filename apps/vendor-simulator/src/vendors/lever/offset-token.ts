/** Place in the order of a listing: behind this user. */
export interface Place {
  readonly createdAt: number;
  readonly id: string;
}

/** The token looks percent-encoded already; clients that know that it is opaque encode it once more. */
export function offsetToken({ createdAt, id }: Place): string {
  return encodeURIComponent(JSON.stringify([createdAt, id]));
}

/** Null for a token that is none of ours. The literal token and its once-decoded form are accepted. */
export function placeOf(token: string): Place | null {
  const parsed = parse(token) ?? parse(decoded(token));
  if (!Array.isArray(parsed) || parsed.length !== 2) return null;
  const [createdAt, id] = parsed as [unknown, unknown];
  return typeof createdAt === 'number' && typeof id === 'string' ? { createdAt, id } : null;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
