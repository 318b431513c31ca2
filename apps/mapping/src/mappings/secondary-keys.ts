import type { FoldSettingsDocument } from '@rollcall/collections';
import type { MappingDefinition } from '@rollcall/contracts';

type SecondaryKeys = NonNullable<FoldSettingsDocument['secondaryKeys']>;

/** Sync keys behind the first, unless the mapping keeps them up to date as well (R74). */
export function secondaryKeysOf({ syncKeys, updatesSecondaryKeys }: MappingDefinition): string[] {
  return updatesSecondaryKeys === true ? [] : syncKeys.slice(1).sort();
}

/** Those of all integrations with one of them changed; an integration without any is left out. */
export function withSecondaryKeys(all: SecondaryKeys | undefined, integration: string, keys: string[]): SecondaryKeys {
  const { [integration]: _before, ...others } = all ?? {};
  return keys.length === 0 ? others : { ...others, [integration]: keys };
}
