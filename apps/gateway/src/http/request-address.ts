import { GatewayError } from '../gateway.errors.js';

/** Path and query as HTTP allows them (RFC 3986): visible ASCII. Other bytes would be read as another alphabet's. */
const visibleAscii = /^[\x21-\x7e]*$/;

/**
 * Refuses an address whose percent signs do not stand for UTF-8: decoders put a mark in the place of what they cannot
 * read, and something else than was meant would be looked for or stored.
 * @throws GatewayError invalid-request
 */
export function refuseUndecodable(address: string): void {
  if (visibleAscii.test(address) && isDecodable(address)) return;
  throw new GatewayError(
    'invalid-request',
    'The address of the request holds bytes or percent signs that are not UTF-8. Nothing was done. Write every character beyond ASCII as its UTF-8 bytes in percent signs (ü is %C3%BC), and % itself as %25.',
  );
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
