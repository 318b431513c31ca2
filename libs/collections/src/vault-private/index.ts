export * from './authorizations.js';
export * from './ciphertexts.js';
export * from './data-keys.js';
export * from './drafts.js';
export * from './tokens.js';
