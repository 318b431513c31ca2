export * from './mail-servers.js';
export * from './notices.js';
export * from './outgoing-mail.js';
export * from './watches.js';
