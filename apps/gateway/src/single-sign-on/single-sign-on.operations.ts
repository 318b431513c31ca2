import { signInMethodsSchema, singleSignOnAnswerSchema } from '@rollcall/contracts';

import { defineOperation } from '../http/operation.js';

const tag = 'session';

export const getSignInMethods = defineOperation({
  id: 'getSignInMethods',
  method: 'GET',
  path: '/session/methods',
  tag,
  summary: 'How people can sign in here.',
  result: signInMethodsSchema,
});

export const beginSingleSignOn = defineOperation({
  id: 'beginSingleSignOn',
  method: 'GET',
  path: '/session/single-sign-on',
  tag,
  summary: 'Sends a browser to the identity provider.',
  status: 303,
});

export const endSingleSignOn = defineOperation({
  id: 'endSingleSignOn',
  method: 'GET',
  path: '/session/single-sign-on/callback',
  tag,
  summary: 'Where the identity provider sends the browser back to: signs it in.',
  query: singleSignOnAnswerSchema,
  status: 303,
  // Signs somebody in, though a browser comes here by a link.
  audited: true,
});
