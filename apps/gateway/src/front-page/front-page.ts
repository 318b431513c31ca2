import type { RequestHandler } from 'express';

import { apiPrefix } from '../http/operation.js';
import { sendPage } from './page.js';

const body = `<h1>Rollcall</h1>
<p>This is the API of a Rollcall installation. Rollcall reads who has an account at your vendors, keeps one record per person
and per account, and deactivates those who left. Programs and the command line use it.</p>
<dl>
<dt>Health</dt>
<dd><a href="/readyz">/readyz</a> says whether the gateway can work. <code>GET ${apiPrefix}/system/health</code>, with an API key, says
what needs attention. <code>./rollcall status</code> shows all services.</dd>
<dt>API description</dt>
<dd><code>GET ${apiPrefix}/openapi.json</code>, with an API key; the same file is <code>docs/openapi/openapi.json</code> in the folder of Rollcall.</dd>
<dt>API key</dt>
<dd><code>./rollcall up</code> keeps the first one in <code>.rollcall/api-key</code>. Send it as <code>Authorization: Bearer &lt;key&gt;</code>.</dd>
<dt>People</dt>
<dd>Whoever is invited opens the link of the invitation. While there is no administrator yet, <code>./rollcall up</code> prints a link for the first one.</dd>
<dt>Guides</dt>
<dd>In the folder of Rollcall: <code>docs/guides/first-integration.md</code> connects the first vendor, <code>docs/guides/operate.md</code> helps
when something is wrong.</dd>
</dl>`;

/** Answers a browser at `/`. Whoever does not prefer HTML goes on, and gets the problem that every unknown path gets. */
export const frontPage: RequestHandler = (request, response, next) => {
  const isAsked = request.path === '/' && ['GET', 'HEAD'].includes(request.method);
  if (!isAsked || request.accepts(['json', 'html']) !== 'html') return next();
  sendPage({ title: 'Rollcall', body }, response);
};
