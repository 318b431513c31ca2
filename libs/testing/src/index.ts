export * from './container-engines.js';
export * from './published-run.js';
export * from './raw-records-driver.js';
export * from './record-follower.js';
export * from './self-signed.js';
export * from './service-process.js';
export * from './test-environment.js';
export * from './wait-for.js';
export { type ReadMessage, readTopic, streamTopic } from '@rollcall/messaging';
