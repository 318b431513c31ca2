import { createHash } from 'node:crypto';

import type { Response } from 'express';

const style =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:42rem;margin:3rem auto;padding:0 1rem;color:#1b1f24;background:#fff}' +
  'code{background:#eef1f4;padding:.1em .3em}dt{margin-top:1em;font-weight:600}dd{margin:0}a{color:#0b57a4}' +
  'label{display:block;margin:1em 0}input{display:block;width:100%;box-sizing:border-box;font:inherit;padding:.4em;' +
  'border:1px solid #6b7683;border-radius:4px;background:inherit;color:inherit}' +
  'button{font:inherit;padding:.5em 1.2em;border:0;border-radius:4px;background:#0b57a4;color:#fff;cursor:pointer}' +
  'button:disabled{opacity:.6}[role=alert]{color:#b3261e}[hidden]{display:none}' +
  '@media(prefers-color-scheme:dark){body{color:#e4e7ea;background:#15181b}code{background:#2a2f34}a{color:#8ab8ea}' +
  '[role=alert]{color:#f2b8b5}}';

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** A page that needs nothing from elsewhere: its own style, at most one script of its own, no frame. */
export interface Page {
  readonly title: string;
  readonly body: string;
  /** Talks to this gateway only. */
  readonly script?: string;
}

export function sendPage({ title, body, script }: Page, response: Response): void {
  const policy = [
    "default-src 'none'",
    `style-src ${hashOf(style)}`,
    ...(script === undefined ? [] : [`script-src ${hashOf(script)}`, "connect-src 'self'"]),
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  response
    .status(200)
    .set({
      'content-security-policy': policy,
      'cache-control': 'no-store',
      vary: 'accept',
      'referrer-policy': 'no-referrer',
    })
    .type('html').send(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
${body}
${script === undefined ? '' : `<script>${script}</script>\n`}</body>
</html>
`);
}
