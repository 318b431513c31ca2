export * from './credentials.js';
export * from './encryption-keys.js';
export * from './use-log.js';
export * from './verify-use-log.js';
