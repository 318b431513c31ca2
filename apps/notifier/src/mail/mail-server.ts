import { SecretString, unwrapSecret } from '@rollcall/secrets';

/** Where mails are handed over, out of `SMTP_URL`. */
export interface MailServer {
  readonly host: string;
  /** Null: the usual one, 465 with TLS from the first byte, else 587. */
  readonly port: number | null;
  /** TLS from the first byte (`smtps:`); else the connection becomes encrypted by STARTTLS. */
  readonly isTls: boolean;
  readonly login: { readonly user: string; readonly password: SecretString } | null;
}

const form = 'smtp://host:port, smtps://host:port, or one of them with user:password@ before the host';

/** @returns what is wrong, in words and without the value, or the server */
export function parseMailServer(text: string): MailServer | string {
  if (!/^smtps?:\/\/[^/]/.test(text) || !URL.canParse(text)) return `must look like ${form}`;
  const url = new URL(text);
  // The mail library would take them for its options: one of them switches off the check of certificates.
  if (url.search !== '' || url.hash !== '' || !['', '/'].includes(url.pathname)) {
    return `must end with host or port; options behind them are not taken. It looks like ${form}`;
  }
  const [user, password] = [decoded(url.username), decoded(url.password)];
  if (user === null || password === null) return 'has a percent sign that stands for nothing; write % as %25';
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? null : Number(url.port),
    isTls: url.protocol === 'smtps:',
    login: user === '' && password === '' ? null : { user, password: new SecretString(password) },
  };
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** Milliseconds; together below the lease of a mail. */
const connectionTimeout = 10_000;
const socketTimeout = 30_000;

/**
 * The mail library's options. A password goes over an encrypted connection to a server with a valid certificate, or it
 * does not go: whoever strips STARTTLS from the server's greeting gets a connection without a login, and no mail.
 */
export function transportOptions({ host, port, isTls, login }: MailServer) {
  return {
    host,
    ...(port === null ? {} : { port }),
    secure: isTls,
    requireTLS: !isTls && login !== null,
    tls: { rejectUnauthorized: true, minVersion: 'TLSv1.2' as const },
    ...(login === null ? {} : { auth: { user: login.user, pass: unwrapSecret(login.password) } }),
    connectionTimeout,
    greetingTimeout: connectionTimeout,
    socketTimeout,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}
