export * from './inbox.js';
export * from './leases.js';
export * from './messaging-collections.js';
export * from './outbox.js';
