import { afterEach, describe, expect, it } from '@jest/globals';
import { manifests } from '@rollcall/connectors/manifests';
import { advancedSchemes, type CredentialKind } from '@rollcall/contracts';
import { forgetSecretValues, redactSecrets, registerSecretValue } from '@rollcall/observability';

import { secretsAmong } from './entered-secrets.js';

afterEach(forgetSecretValues);

const kinds = Object.values(manifests).flatMap(({ id, authSchemes }) => [
  ...authSchemes.map((scheme) => ({ scheme, kind: { connector: id, type: scheme.type } as CredentialKind })),
  ...advancedSchemes.map((scheme) => ({ scheme, kind: { connector: id, type: scheme.type, advanced: true } })),
]);
const named = kinds.map(({ scheme, kind }) => ({ scheme, kind, title: `${kind.connector} ${scheme.label}` }));

describe('fields that somebody entered for a credential', () => {
  it.each(named)('stand in log lines unless they are declared secret: $title', ({ scheme, kind }) => {
    const fields = Object.fromEntries(scheme.inputs.map(({ name }, at) => [name, `example-${at}-${name}-Quartz`]));
    for (const secret of secretsAmong(fields, kind)) registerSecretValue(secret);
    for (const { name, secret } of scheme.inputs) {
      const value = fields[name]!;
      const line = `${value} was refused`;
      expect(redactSecrets(line)).toBe(secret ? '[secret] was refused' : line);
      const encoded = [
        Buffer.from(`user:${value}`).toString('base64'),
        encodeURIComponent(value),
        JSON.stringify(value),
      ];
      for (const text of encoded) expect(redactSecrets(text).includes('[secret]')).toBe(secret);
    }
  });

  it('are all secret where nobody knows the type, and where a field is none of it', () => {
    const fields = { clientId: 'example-client', unheardOf: 'example-other' };
    expect(secretsAmong(fields, null)).toEqual(['example-client', 'example-other']);
    expect(secretsAmong(fields, { connector: 'example-vendor', type: 'bearer' })).toEqual(Object.values(fields));
    const known = named.find(({ scheme }) => scheme.inputs.some(({ name }) => name === 'clientId'))!;
    expect(secretsAmong(fields, known.kind)).toEqual(['example-other']);
  });

  it('hide the value of a further header that is a secret, also where it stands alone', () => {
    const kind: CredentialKind = { connector: Object.keys(manifests)[0]!, type: 'bearer', advanced: true };
    const headers = 'X-Tenant: acme\nX-Api-Key: s3kr3t';
    for (const secret of secretsAmong({ headers }, kind)) registerSecretValue(secret);
    expect(redactSecrets('tenant acme sent s3kr3t')).toBe('tenant acme sent [secret]');
  });
});
