import { AppError, type beginAuthorization, type endAuthorization } from '@rollcall/contracts';

export class AuthorizationError extends AppError<
  (typeof beginAuthorization)['errors'][number] | (typeof endAuthorization)['errors'][number]
> {}

export const noAuthorizationCode = (name: string): AuthorizationError =>
  new AuthorizationError(
    'no-authorization-code',
    `Nobody consents for "${name}": its type needs no sign-in at the vendor. Make a credential of the type "OAuth2 authorization code" for that.`,
  );

export const authorizationUnknown = (): AuthorizationError =>
  new AuthorizationError(
    'authorization-unknown',
    'This consent was not expected: it was begun more than ten minutes ago, ended already, or its credential was changed ' +
      'meanwhile. Nothing was stored. Begin it again (POST /credentials/<id>/authorization).',
  );

export const authorizationRefused = (words: string): AuthorizationError =>
  new AuthorizationError(
    'authorization-refused',
    `The vendor gave no token after the consent: ${words}. Nothing was stored. Check client, secret, scopes and the address that the vendor sends people back to, then begin again.`,
  );

export const vendorAway = (words: string): AuthorizationError =>
  new AuthorizationError(
    'token-unavailable',
    `The vendor did not answer the exchange of the consent: ${words}. Nothing was stored. Begin it again.`,
  );

export const addressRefused = (message: string): AuthorizationError =>
  new AuthorizationError('host-not-allowed', message);

export const fieldsUnreadable = (fields: readonly string[]): AuthorizationError =>
  new AuthorizationError(
    'unreadable-secret',
    `What is stored as ${fields.join(', ')} cannot be read any more, so nobody can sign in with it. Enter it again, then begin again.`,
    { details: { fields } },
  );
