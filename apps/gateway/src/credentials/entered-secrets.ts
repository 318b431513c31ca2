import { manifests } from '@rollcall/connectors/manifests';
import { authSchemeAmong, type CredentialKind, secretHeaderValues } from '@rollcall/contracts';
import { isPlainField } from '@rollcall/secrets';

/**
 * What no log may show of the fields that somebody entered: all but those that the type of the credential declares to be no
 * secrets, like client ids. Of a type that nobody knows, all of them.
 */
export function secretsAmong(fields: Readonly<Record<string, string>>, kind: CredentialKind | null): string[] {
  const scheme = kind === null ? undefined : authSchemeAmong(manifests, kind);
  const secrets = Object.entries(fields).filter(([name]) => !isPlainField(name, scheme?.inputs));
  return secrets.flatMap(([name, text]) => [
    text,
    ...(name === scheme?.headersInput ? secretHeaderValues(text, scheme) : []),
  ]);
}
