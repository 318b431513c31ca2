export * from './credentials.js';
export * from './encryption-keys.js';
