import { redactSecrets } from '@rollcall/observability';

import { singleLine } from './header-text.js';

/** `refused` is for ever, `retry` may go away. The reason is one line without secrets. */
export interface MailFailure {
  readonly kind: 'refused' | 'retry';
  readonly reason: string;
  /** The server was reached and took the login; only this mail it did not take. */
  readonly isOfMail: boolean;
}

interface RaisedByLibrary {
  readonly code?: string;
  readonly command?: string;
  readonly responseCode?: number;
  readonly message?: string;
}

/** Our own settings and not the mail: thrown away now, every mail would be lost until somebody corrects them. */
const ofSettings = ['EAUTH', 'ETLS', 'ENOAUTH'];

/** What an error of the mail library means for the mail. Answers 5xx to the mail itself are final. */
export function failureOf(error: unknown): MailFailure {
  const raised = error as RaisedByLibrary;
  const reason = singleLine(redactSecrets(reasonOf(raised)), 600);
  const isOfMail = raised.responseCode !== undefined && !ofSettings.includes(raised.code ?? '');
  return { kind: isOfMail && raised.responseCode >= 500 ? 'refused' : 'retry', reason, isOfMail };
}

function reasonOf({ code, command, message = 'the mail server did not take the mail' }: RaisedByLibrary): string {
  if (isCertificateFault(message)) {
    return `the certificate of the mail server was not accepted (${message}), so nothing was sent to it. Give it a certificate for the name in SMTP_URL, or name its authority in NODE_EXTRA_CA_CERTS`;
  }
  if (code === 'ETLS' || command === 'STARTTLS' || /STARTTLS/.test(message)) {
    return `the mail server does not encrypt the connection (STARTTLS): ${message}. SMTP_URL has a password, which is never sent in clear. Turn STARTTLS on at the server, use smtps:// if it has a port for TLS, or take user and password out of SMTP_URL`;
  }
  return message;
}

function isCertificateFault(message: string): boolean {
  return /certificate|altnames|CERT_/i.test(message);
}
