import type { RequestHandler } from 'express';

import { consentedPath } from '../credentials/credentials.service.js';
import { apiPrefix } from '../http/operation.js';
import { sendPage } from './page.js';

const body = `<h1>Sign-in at the vendor</h1>
<p id="lead">One moment: the credential is being completed.</p>
<p id="problem" role="alert" hidden></p>
<noscript><p role="alert">This page needs JavaScript.</p></noscript>`;

/** What the vendor gave leaves the address bar before anything else happens, and goes to this gateway alone. */
const script = `
'use strict';
const given = new URLSearchParams(location.search);
history.replaceState(null, '', location.pathname);
const at = (id) => document.getElementById(id);
const fail = (text) => { at('lead').hidden = true; at('problem').textContent = text; at('problem').hidden = false; };
const [state, code, error] = ['state', 'code', 'error'].map((name) => given.get(name));
const words = [error, given.get('error_description')].filter((text) => text).join(': ').slice(0, 300);
const send = async () => {
  const body = code === null ? { state, error: words || 'no code' } : { state, code };
  try {
    const answer = await fetch('${apiPrefix}/credential-consents', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    const told = await answer.json();
    if (answer.status === 202) at('lead').textContent = 'The vendor is slow to answer. Test the credential in a minute to see whether it is complete. You can close this page.';
    else if (answer.ok) at('lead').textContent = 'The credential "' + told.name + '" is complete. You can close this page.';
    else fail([told.detail, ...(told.errors ?? []).map((one) => one.message)].join(' '));
  } catch { fail('The gateway does not answer. Begin the sign-in again in a minute.'); }
};
if (state === null) fail('This address holds no answer of a vendor. Begin the sign-in from the credential.');
else send();
`;

/** The page that a vendor sends the browser of somebody back to who consented, or did not. */
export const consentedPage: RequestHandler = (request, response, next) => {
  if (request.path !== consentedPath || !['GET', 'HEAD'].includes(request.method)) return next();
  sendPage({ title: 'Sign-in at the vendor', body, script }, response);
};
