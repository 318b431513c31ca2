import { readFile } from 'node:fs/promises';

import { ConfiguredHost } from '@rollcall/egress';
import { KeyEncryptionKey, type KeyProvider, LocalKeyProvider, unwrapSecret } from '@rollcall/secrets';

import { currentProvider, type VaultConfig } from '../config.js';
import { TransitKey } from './transit-key.js';

/** The key-encryption keys that this vault was given. */
export class KeyProviders {
  constructor(
    /** The one that data keys are to be wrapped by. */
    readonly current: KeyProvider,
    /** They open what they wrapped, until that is wrapped by the current one. */
    private readonly others: readonly KeyProvider[] = [],
    private readonly host: ConfiguredHost | null = null,
  ) {}

  static async load(config: VaultConfig): Promise<KeyProviders> {
    const host = await hostOf(config);
    const providers = await given(config, host);
    const current = providers.find(({ provider }) => provider === currentProvider(config))!;
    const others = providers.filter((one) => one !== current);
    const { ROLLCALL_KEK_PREVIOUS_FILE: previous } = config;
    return new KeyProviders(current, previous === undefined ? others : [...others, await fromFile(previous)], host);
  }

  /** The one that wrapped a data key. Null: none of those given. */
  ownerOf(keyCheck: string): KeyProvider | null {
    return [this.current, ...this.others].find((one) => one.keyCheck === keyCheck) ?? null;
  }

  async close(): Promise<void> {
    await this.host?.close();
  }
}

async function given(config: VaultConfig, host: ConfiguredHost | null): Promise<KeyProvider[]> {
  const providers: KeyProvider[] = [];
  if (config.ROLLCALL_KEK_FILE !== undefined) providers.push(await fromFile(config.ROLLCALL_KEK_FILE));
  if (config.ROLLCALL_KEK !== undefined) {
    const name = 'the environment variable ROLLCALL_KEK';
    const key = KeyEncryptionKey.parse(unwrapSecret(config.ROLLCALL_KEK), name);
    providers.push(new LocalKeyProvider('environment', name, key));
  }
  const { ROLLCALL_KEK_TRANSIT_KEY: key, ROLLCALL_KEK_TRANSIT_TOKEN_FILE: tokenFile } = config;
  if (host && tokenFile !== undefined) providers.push(new TransitKey({ host, key, tokenFile }));
  return providers;
}

async function fromFile(path: string): Promise<KeyProvider> {
  return new LocalKeyProvider('file', path, await KeyEncryptionKey.fromFile(path));
}

async function hostOf(config: VaultConfig): Promise<ConfiguredHost | null> {
  const { ROLLCALL_KEK_TRANSIT_URL: baseUrl, ROLLCALL_KEK_TRANSIT_CA_FILE: authority } = config;
  if (baseUrl === undefined) return null;
  const certificateAuthority = authority === undefined ? undefined : await readFile(authority, 'utf8');
  return new ConfiguredHost({ baseUrl, certificateAuthority });
}
