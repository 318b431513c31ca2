import { defineCollection } from '../define-collection.js';
import { number, optional, text } from '../models/paths.js';

/**
 * Ciphertext of one secret field. Bound by additional data to credential, connector, type, origin of the address, field,
 * version and key.
 */
export interface CiphertextDocument {
  /** `<credential>/<version>/<field>`; in those from before two versions were kept, `<credential>/<field>`. */
  _id: string;
  credential: string;
  field: string;
  secretVersion: number;
  /** Where it may be sent, in words only: the ciphertext itself decides. Absent in those from before it was kept. */
  origin?: string;
  dataKey: string;
  ciphertext: string;
  /** Keyed digest of the value, for the use log. Absent until the first start of a vault that keeps it. */
  valueDigest?: string;
}

export const ciphertexts = defineCollection<CiphertextDocument>({
  owner: 'vault-private',
  name: 'ciphertexts',
  published: false,
  paths: {
    _id: text,
    credential: text,
    field: text,
    secretVersion: number,
    origin: optional.text,
    dataKey: text,
    ciphertext: text,
    valueDigest: optional.text,
  },
  indexes: [{ key: { credential: 1 } }, { key: { dataKey: 1 } }],
});
