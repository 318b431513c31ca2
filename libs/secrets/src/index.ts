export * from './data-keys.js';
export * from './digest-key.js';
export * from './envelope-cipher.js';
export * from './key-encryption-key.js';
export * from './key-files.js';
export * from './seal.js';
export * from './seal-keys.js';
export * from './sealed-commands.js';
export {
  type DeclaredField,
  isPlainField,
  markPlainFields,
  noteSecretInUse,
  onSecretUnwrapped,
  SecretString,
  unwrapSecret,
  wrapSecret,
} from './secret-string.js';
export * from './secrets.errors.js';
export * from './service-keys.js';
export * from './service-signer.js';
export * from './value-digests.js';
export * from './wrapped-keys.js';
