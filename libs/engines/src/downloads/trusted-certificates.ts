import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';

/** Where the system keeps the authorities that it trusts: Debian, Fedora, Alpine and macOS, openSUSE. */
const SYSTEM_BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/cert.pem',
  '/etc/ssl/ca-bundle.pem',
];

/**
 * Authorities for downloads, as PEM texts: Node's own, those of the system and those that the environment names. Node
 * alone looks at its own list only, and then fails behind a company proxy where every other tool works.
 */
export function trustedCertificates(env: NodeJS.ProcessEnv): string[] {
  const named = [env.NODE_EXTRA_CA_CERTS, env.SSL_CERT_FILE].flatMap((path) => path || []);
  return [...rootCertificates, ...[...SYSTEM_BUNDLES, ...named].flatMap(readBundle)];
}

function readBundle(path: string): string[] {
  try {
    return [readFileSync(path, 'utf8')];
  } catch {
    return [];
  }
}
