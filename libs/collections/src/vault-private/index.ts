export * from './ciphertexts.js';
export * from './data-keys.js';
export * from './tokens.js';
export * from './use-log.js';
