import { AppError } from '@rollcall/contracts';
import type { ConfiguredHost, ConfiguredHostAnswer } from '@rollcall/egress';
import {
  type DataKey,
  dataKeyFrom,
  formatWrapping,
  type KeyProvider,
  parseWrapping,
  readPrivateFile,
  type WrappedDataKey,
} from '@rollcall/secrets';
import { z } from 'zod';

import { doesNotOpen, keyEncryptionKeyMissing, keyProviderUnavailable } from './keys.errors.js';

export interface TransitOptions {
  readonly host: ConfiguredHost;
  /** `<mount>/<key>`. */
  readonly key: string;
  readonly tokenFile: string;
}

/** Documented at openbao.org/api-docs/secret/transit and developer.hashicorp.com/vault/api-docs/secret/transit. */
const keySchema = z.object({
  data: z.object({
    latest_version: z.number().int(),
    derived: z.boolean(),
    exportable: z.boolean(),
    supports_encryption: z.boolean(),
  }),
});
const encryptedSchema = z.object({ data: z.object({ ciphertext: z.string().regex(/^vault:v[1-9]\d*:/) }) });
const decryptedSchema = z.object({ data: z.object({ plaintext: z.string() }) });

/** A key in the transit engine of a Vault or OpenBao: it wraps there, and never leaves it. */
export class TransitKey implements KeyProvider {
  readonly provider = 'transit';
  readonly name: string;
  readonly keyCheck: string;
  private readonly mount: string;
  private readonly key: string;

  constructor(private readonly options: TransitOptions) {
    const { host, key } = options;
    const at = key.lastIndexOf('/');
    this.mount = key.slice(0, at);
    this.key = key.slice(at + 1);
    this.name = `${key} at ${host.origin}`;
    // Not the address: the server may move. Whether the key itself is another one is seen when it opens nothing.
    this.keyCheck = `transit:${key}`;
  }

  /** Looks first: the engine would make a key that it has not, if the token allows that. */
  async wrap(dataKey: DataKey): Promise<WrappedDataKey> {
    await this.newestVersion();
    const plain = dataKey.key.export();
    const answer = await this.ask('POST', `encrypt/${this.key}`, {
      plaintext: plain.toString('base64'),
      associated_data: this.boundTo(dataKey.id),
    });
    const { ciphertext } = this.read(answer, encryptedSchema).data;
    const version = Number(/^vault:v(\d+):/.exec(ciphertext)![1]);
    const wrapped = formatWrapping({ provider: this.provider, key: this.options.key, version, text: ciphertext });
    return { wrapped, keyCheck: this.keyCheck };
  }

  async unwrap(dataKeyId: string, wrapped: string): Promise<DataKey> {
    const wrapping = parseWrapping(wrapped);
    if (wrapping?.provider !== this.provider || wrapping.key !== this.options.key)
      throw doesNotOpen(this.name, dataKeyId);
    const body = { ciphertext: wrapping.text, associated_data: this.boundTo(dataKeyId) };
    const answer = await this.ask('POST', `decrypt/${this.key}`, body);
    if (answer.status === 400) {
      // The engine answers so when it has no such key, too.
      await this.newestVersion();
      throw doesNotOpen(this.name, dataKeyId);
    }
    const key = dataKeyFrom(dataKeyId, Buffer.from(this.read(answer, decryptedSchema).data.plaintext, 'base64'));
    if (!key) throw doesNotOpen(this.name, dataKeyId);
    return key;
  }

  async isNewest(wrapped: string): Promise<boolean> {
    const wrapping = parseWrapping(wrapped);
    if (wrapping?.provider !== this.provider || wrapping.key !== this.options.key) return false;
    return wrapping.version >= (await this.newestVersion());
  }

  /** @throws KeysError also when the key is none that data keys may be wrapped by */
  private async newestVersion(): Promise<number> {
    const answer = await this.ask('GET', `keys/${this.key}`);
    if (answer.status === 404) throw keyEncryptionKeyMissing(this.name, 'there is no key of that name');
    const key = this.read(answer, keySchema).data;
    if (!key.supports_encryption) throw keyEncryptionKeyMissing(this.name, 'it cannot encrypt');
    if (key.derived) throw keyEncryptionKeyMissing(this.name, 'it is a derived key, which needs a context each time');
    return key.latest_version;
  }

  /** The text opens for this data key only, even if it is moved to another one in the database. */
  private boundTo(dataKeyId: string): string {
    return Buffer.from(`rollcall data key ${dataKeyId}`, 'utf8').toString('base64');
  }

  private async ask(method: 'GET' | 'POST', path: string, body?: object): Promise<ConfiguredHostAnswer> {
    const { host, tokenFile } = this.options;
    try {
      const token = (await readPrivateFile(tokenFile)).trim();
      const headers = { 'x-vault-token': token, 'x-vault-request': 'true', 'content-type': 'application/json' };
      const request = { method, path: `/v1/${this.mount}/${path}`, headers };
      return await host.request(body ? { ...request, body: JSON.stringify(body) } : request);
    } catch (error) {
      if (error instanceof AppError) throw keyProviderUnavailable(this.name, error);
      throw error;
    }
  }

  /** Answers quote requests in their errors, so nothing of them is passed on but the status. */
  private read<Answer>({ status, text }: ConfiguredHostAnswer, schema: z.ZodType<Answer>): Answer {
    if (status !== 200)
      throw keyProviderUnavailable(this.name, `it answered with status ${status}${hints[status] ?? ''}.`);
    const parsed = schema.safeParse(parseJson(text));
    if (!parsed.success) throw keyProviderUnavailable(this.name, 'its answer is none of the transit protocol.');
    return parsed.data;
  }
}

const hints: Readonly<Record<number, string>> = {
  403: ', so the token is refused or may not use this key',
  404: ', so no transit engine is mounted there',
  503: ', so it is sealed or in maintenance',
};

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
