import { type SealedField, secretMask } from '@rollcall/contracts';
import { registerSecretValue } from '@rollcall/observability';
import { sealCommandField, SecretString } from '@rollcall/secrets';

/** Fields that bring a new value; a mask stands for the value that is stored already. */
export function newFields(fields: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== secretMask));
}

/**
 * Seals every field to the vault, bound to the command and the field's name (F5). From here on no log line of this
 * process shows the values either.
 */
export async function sealFields(
  fields: Readonly<Record<string, string>>,
  vaultPublicKey: string,
  commandId: string,
): Promise<Record<string, SealedField>> {
  const sealed = Object.entries(fields).map(async ([field, text]) => {
    registerSecretValue(text);
    const value = new SecretString(text);
    return [field, await sealCommandField({ vaultPublicKey, commandId, field, value })] as const;
  });
  return Object.fromEntries(await Promise.all(sealed));
}
