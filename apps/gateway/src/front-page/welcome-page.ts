import { shortestPassword } from '@rollcall/contracts';
import type { RequestHandler } from 'express';

import { apiPrefix } from '../http/operation.js';
import { firstAdministratorPrefix, welcomePath } from '../operators/operator-links.service.js';
import { sendPage } from './page.js';

const body = `<h1>Welcome to Rollcall</h1>
<p id="lead">Choose a password of at least ${shortestPassword} characters. A sentence that only you know is a good one.</p>
<p id="problem" role="alert" hidden></p>
<form id="form">
<label class="first">E-mail address<input id="email" type="email" autocomplete="username"></label>
<label class="first">Name<input id="name" autocomplete="name"></label>
<label>Password<input id="password" type="password" autocomplete="new-password" minlength="${shortestPassword}" required></label>
<label>The same again<input id="again" type="password" autocomplete="new-password" required></label>
<button id="send">Set password and sign in</button>
</form>
<noscript><p role="alert">This page needs JavaScript.</p></noscript>`;

/**
 * The token is behind `#`, where only the page itself sees it, and leaves the address bar at once. Only the first
 * administrator has to say who they are.
 */
const script = `
'use strict';
const token = location.hash.slice(1);
history.replaceState(null, '', location.pathname);
const at = (id) => document.getElementById(id);
const say = (text) => { at('problem').textContent = text; at('problem').hidden = text === ''; };
const isFirst = token.startsWith('${firstAdministratorPrefix}');
for (const label of document.querySelectorAll('.first')) { label.hidden = !isFirst; label.querySelector('input').required = isFirst; }
if (token === '') { say('This address holds no link. Open the whole link that you were given.'); at('form').hidden = true; }
at('form').addEventListener('submit', async (event) => {
  event.preventDefault();
  if (at('password').value !== at('again').value) return say('The two passwords differ.');
  say('');
  at('send').disabled = true;
  const body = { token, password: at('password').value };
  if (isFirst) Object.assign(body, { email: at('email').value, name: at('name').value });
  try {
    const answer = await fetch('${apiPrefix}/session/link', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    const told = await answer.json();
    if (answer.ok) {
      at('form').hidden = true;
      at('lead').textContent = 'You are signed in as ' + told.operator.email + '. The password is set; this link opens nothing any more.';
    } else say([told.detail, ...(told.errors ?? []).map((one) => one.message)].join(' '));
  } catch { say('The gateway does not answer. Try again in a minute; the link still works.'); }
  at('send').disabled = false;
});
`;

/** The page that a link of an operator opens. */
export const welcomePage: RequestHandler = (request, response, next) => {
  if (request.path !== welcomePath || !['GET', 'HEAD'].includes(request.method)) return next();
  sendPage({ title: 'Welcome to Rollcall', body, script }, response);
};
