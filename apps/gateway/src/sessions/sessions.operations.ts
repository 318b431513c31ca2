import {
  changePasswordBodySchema,
  redeemLinkBodySchema,
  requestLinkBodySchema,
  sessionSchema,
  signInBodySchema,
} from '@rollcall/contracts';

import { defineOperation } from '../http/operation.js';

const tag = 'session';

export const getSession = defineOperation({
  id: 'getSession',
  method: 'GET',
  path: '/session',
  tag,
  summary: 'Who asks, and what they may do.',
  result: sessionSchema,
});

export const signIn = defineOperation({
  id: 'signIn',
  method: 'POST',
  path: '/session',
  tag,
  summary: 'Signs a browser in by e-mail address and password.',
  description:
    'The session is in two cookies that no script can read. Send `csrfToken` of the answer as `X-CSRF-Token` with every write, and refresh the session before `expiresAt`. After five wrong passwords in a row there is a pause of 15 minutes for the address and the network that they came from.',
  body: signInBodySchema,
  result: sessionSchema,
});

export const refreshSession = defineOperation({
  id: 'refreshSession',
  method: 'POST',
  path: '/session/refresh',
  tag,
  summary: 'Renews the session of a browser for ten minutes.',
  description: 'Each refresh token works once. One that is used again ends the session, since two have it.',
  result: sessionSchema,
  // Each browser does so every ten minutes, and it changes nothing anybody would ask about.
  audited: false,
});

export const signOut = defineOperation({
  id: 'signOut',
  method: 'DELETE',
  path: '/session',
  tag,
  summary: 'Signs the browser out.',
});

export const changePassword = defineOperation({
  id: 'changePassword',
  method: 'POST',
  path: '/session/password',
  tag,
  summary: 'Changes the password of whoever is signed in, and signs them out everywhere else.',
  body: changePasswordBodySchema,
  changedSecrets: ['password'],
});

export const redeemOperatorLink = defineOperation({
  id: 'redeemOperatorLink',
  method: 'POST',
  path: '/session/link',
  tag,
  summary: 'Sets the password that a link is for, and signs the browser in.',
  body: redeemLinkBodySchema,
  result: sessionSchema,
  changedSecrets: ['password'],
});

export const requestPasswordLink = defineOperation({
  id: 'requestPasswordLink',
  method: 'POST',
  path: '/session/password-link',
  tag,
  summary: 'Mails a link with which somebody who forgot their password chooses another one.',
  description:
    'The answer is the same whether or not there is such an account, and so is its time. The link works once, for one hour; using it signs them out everywhere. Nobody gets one who is disabled, who has not accepted their invitation, or who signs in through the identity provider only. Three in an hour for one address.',
  body: requestLinkBodySchema,
});
