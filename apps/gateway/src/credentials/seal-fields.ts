import { type SealedField, secretMask } from '@rollcall/contracts';
import { sealCommandField, SecretString } from '@rollcall/secrets';

/** Fields that bring a new value; a mask stands for the value that is stored already, null takes a field away. */
export function changedFields(fields: Readonly<Record<string, string | null>>): {
  readonly changed: Record<string, string>;
  readonly removed: string[];
} {
  const changed: Record<string, string> = {};
  const removed: string[] = [];
  for (const [name, value] of Object.entries(fields)) {
    if (value === null) removed.push(name);
    else if (value !== secretMask) changed[name] = value;
  }
  return { changed, removed };
}

/** Seals every field to the vault, bound to the command and the field's name (F5). */
export async function sealFields(
  fields: Readonly<Record<string, string>>,
  publicKey: string,
  commandId: string,
): Promise<Record<string, SealedField>> {
  const sealed = Object.entries(fields).map(async ([field, text]) => {
    const value = new SecretString(text);
    return [field, await sealCommandField({ publicKey, commandId, field, value })] as const;
  });
  return Object.fromEntries(await Promise.all(sealed));
}
