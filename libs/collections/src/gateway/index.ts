export * from './api-keys.js';
export * from './audit-events.js';
export * from './operations.js';
export * from './operator-contacts.js';
export * from './operator-links.js';
export * from './operators.js';
export * from './sessions.js';
export * from './sign-in-failures.js';
