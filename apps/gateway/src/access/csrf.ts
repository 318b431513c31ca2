import type { Request } from 'express';

import { GatewayError } from '../gateway.errors.js';
import { isSameHash } from '../sessions/session-tokens.js';

/**
 * A browser sends the cookies of a session with every request, whoever wrote the page that makes it. Only a page of this
 * gateway can know this token.
 * @throws GatewayError csrf-token-missing
 */
export function mustSendCsrfToken(request: Request, expected: string): void {
  const given = request.headers['x-csrf-token'];
  if (typeof given === 'string' && isSameHash(given, expected)) return;
  throw new GatewayError(
    'csrf-token-missing',
    'A change in a browser session needs the header X-CSRF-Token, with "csrfToken" of GET /api/v1/session. Nothing was done.',
  );
}

/** Where there is no session yet, the browser itself says whether a page of another site asks. */
export function mustBeOwnPage({ headers }: Request): void {
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return;
  throw new GatewayError(
    'csrf-token-missing',
    'This request comes from a page of another site. Nobody can be signed in or out from there; open the page of this installation.',
  );
}
