import { createHash } from 'node:crypto';

/**
 * Id of an aggregate that a command makes: a UUID (version 8, RFC 9562) derived from the command id, so that a
 * repetition of the request names the same aggregate and therefore is the same command (F1).
 */
export function aggregateIdOf(commandId: string): string {
  const bytes = createHash('sha256').update(`aggregate of ${commandId}`).digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
