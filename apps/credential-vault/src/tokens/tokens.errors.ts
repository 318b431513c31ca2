import { AppError } from '@rollcall/contracts';

export class TokenError extends AppError<'token-refused' | 'token-unavailable' | 'token-url-refused'> {}

export const tokenUrlRefused = (why: string): TokenError =>
  new TokenError('token-url-refused', `The token URL is refused: ${why}.`);

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
