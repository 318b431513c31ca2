import { AppError } from '@rollcall/contracts';

export class TokenError extends AppError<'token-refused' | 'token-unavailable' | 'token-url-refused'> {}

export const tokenUrlRefused = (why: string, what = 'token URL'): TokenError =>
  new TokenError('token-url-refused', `The ${what} is refused: ${why}.`);

/** Why there is no token, before the vendor is asked. */
export const consentMissing =
  'nobody has consented at the vendor yet. Begin it (POST /credentials/<id>/authorization) and open the address of the answer';

export const tokenRefused = (credential: string, words: string): TokenError =>
  new TokenError(
    'token-refused',
    `The vendor gives no access token for credential "${credential}": ${words}. Check client, secret and rights at the vendor, then enter the credential again.`,
  );

export const tokenUnavailable = (credential: string, words: string): TokenError =>
  new TokenError(
    'token-unavailable',
    `An access token for credential "${credential}" could not be had: ${words}. It is tried again; if it stays so, look at the status page of the vendor.`,
  );
