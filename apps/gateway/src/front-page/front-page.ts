import { createHash } from 'node:crypto';

import type { RequestHandler } from 'express';

import { apiPrefix } from '../http/operation.js';

const style =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:42rem;margin:3rem auto;padding:0 1rem;color:#1b1f24;background:#fff}' +
  'code{background:#eef1f4;padding:.1em .3em}dt{margin-top:1em;font-weight:600}dd{margin:0}a{color:#0b57a4}' +
  '@media(prefers-color-scheme:dark){body{color:#e4e7ea;background:#15181b}code{background:#2a2f34}a{color:#8ab8ea}}';

/** Nothing but this page's own style: no script, no frame, no form, nothing from elsewhere. */
const policy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Rollcall</title>
<style>${style}</style>
</head>
<body>
<h1>Rollcall</h1>
<p>This is the API of a Rollcall installation. Rollcall reads who has an account at your vendors, keeps one record per person
and per account, and deactivates those who left. There is no page to click on here: programs and the command line use it.</p>
<dl>
<dt>Health</dt>
<dd><a href="/readyz">/readyz</a> says whether the gateway can work. <code>GET ${apiPrefix}/system/health</code>, with an API key, says
what needs attention. <code>./rollcall status</code> shows all services.</dd>
<dt>API description</dt>
<dd><code>GET ${apiPrefix}/openapi.json</code>, with an API key; the same file is <code>docs/openapi/openapi.json</code> in the folder of Rollcall.</dd>
<dt>API key</dt>
<dd><code>./rollcall up</code> keeps the first one in <code>.rollcall/api-key</code>. Send it as <code>Authorization: Bearer &lt;key&gt;</code>.</dd>
<dt>Guides</dt>
<dd>In the folder of Rollcall: <code>docs/guides/first-integration.md</code> connects the first vendor, <code>docs/guides/operate.md</code> helps
when something is wrong.</dd>
</dl>
</body>
</html>
`;

/** Answers a browser at `/`. Whoever does not prefer HTML goes on, and gets the problem that every unknown path gets. */
export const frontPage: RequestHandler = (request, response, next) => {
  const isAsked = request.path === '/' && ['GET', 'HEAD'].includes(request.method);
  if (!isAsked || request.accepts(['json', 'html']) !== 'html') return next();
  response
    .status(200)
    .set({ 'content-security-policy': policy, 'cache-control': 'no-store', vary: 'accept' })
    .type('html')
    .send(page);
};
