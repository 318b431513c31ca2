import { type LeaseMaterial, leaseMaterialSchema, type SealedField } from '@rollcall/contracts';

import { openSealed, type SealPurpose, sealTo } from './seal.js';
import type { SealPrivateKey } from './seal-keys.js';
import { peekSecret, SecretString, wrapSecret } from './secret-string.js';
import { SecretsError } from './secrets.errors.js';

const fieldPurpose = (commandId: string, field: string): SealPurpose => ({
  purpose: ['command-field', commandId, field],
});
const leasePurpose = (commandId: string): SealPurpose => ({ purpose: ['lease', commandId] });

/** Seals one secret field of a command to its owner, bound to command id and field name (F5). */
export function sealCommandField(given: {
  readonly publicKey: string;
  readonly commandId: string;
  readonly field: string;
  readonly value: SecretString | string;
}): Promise<SealedField> {
  return sealTo(given.publicKey, given.value, fieldPurpose(given.commandId, given.field));
}

/** @throws SecretsError seal-unreadable */
export function openCommandField(given: {
  readonly privateKey: SealPrivateKey;
  readonly commandId: string;
  readonly field: string;
  readonly sealed: SealedField;
}): Promise<SecretString> {
  return openSealed(given.privateKey, given.sealed, fieldPurpose(given.commandId, given.field));
}

/** A lease as its holder keeps it: the fields stay wrapped until the request that needs them. */
export interface OpenedLease extends Omit<LeaseMaterial, 'fields'> {
  readonly fields: Readonly<Record<string, SecretString>>;
}

/** Seals the material of a credential to the ephemeral key of the caller, bound to the command that asked (G4). */
export function sealLease(given: {
  readonly publicKey: string;
  readonly commandId: string;
  readonly material: OpenedLease | LeaseMaterial;
}): Promise<SealedField> {
  const entries = Object.entries<SecretString | string>(given.material.fields).map(
    ([name, value]) => [name, peekSecret(wrapSecret(value))] as const,
  );
  const material: LeaseMaterial = { ...given.material, fields: Object.fromEntries(entries) };
  return sealTo(given.publicKey, new SecretString(JSON.stringify(material)), leasePurpose(given.commandId));
}

/** @throws SecretsError seal-unreadable */
export async function openLease(given: {
  readonly privateKey: SealPrivateKey;
  readonly commandId: string;
  readonly sealed: SealedField;
}): Promise<OpenedLease> {
  const text = await openSealed(given.privateKey, given.sealed, leasePurpose(given.commandId));
  const { fields, ...rest } = parseMaterial(text);
  const wrapped = Object.entries(fields).map(([name, value]) => [name, new SecretString(value)] as const);
  return { ...rest, fields: Object.fromEntries(wrapped) };
}

/** Errors of JSON.parse and zod quote their input, so neither is passed on (N8). */
function parseMaterial(text: SecretString): LeaseMaterial {
  try {
    return leaseMaterialSchema.parse(JSON.parse(peekSecret(text)));
  } catch {
    const message =
      'A lease does not hold the material of a credential. Vault and caller are of different versions: update both.';
    throw new SecretsError('seal-unreadable', message);
  }
}
