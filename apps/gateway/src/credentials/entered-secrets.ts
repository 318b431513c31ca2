import { manifests } from '@rollcall/connectors/manifests';
import { authSchemeFor, type CredentialRecord, secretHeaderValues } from '@rollcall/contracts';
import { isPlainField } from '@rollcall/secrets';

/** What says which fields a credential has. */
export type CredentialKind = Pick<CredentialRecord, 'connector' | 'type'> & { readonly advanced?: boolean | undefined };

/**
 * What no log may show of the fields that somebody entered: all but those that the type of the credential declares to be no
 * secrets, like client ids. Of a type that nobody knows, all of them.
 */
export function secretsAmong(fields: Readonly<Record<string, string>>, kind: CredentialKind | null): string[] {
  const manifest = kind !== null && Object.hasOwn(manifests, kind.connector) ? manifests[kind.connector] : undefined;
  const scheme =
    kind === null || manifest === undefined
      ? undefined
      : authSchemeFor(manifest, { type: kind.type, advanced: kind.advanced === true });
  const secrets = Object.entries(fields).filter(([name]) => !isPlainField(name, scheme?.inputs));
  return secrets.flatMap(([name, text]) => [text, ...(name === scheme?.headersInput ? secretHeaderValues(text) : [])]);
}
