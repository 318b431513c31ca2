export * from './raw-records-driver.js';
export * from './test-environment.js';
export { readTopic, type ReadMessage } from '@rollcall/messaging';
export * from './service-process.js';
export * from './wait-for.js';
