export * from './api-keys.js';
export * from './audit-events.js';
export * from './operations.js';
