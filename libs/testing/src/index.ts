export * from './raw-records-driver.js';
export * from './test-environment.js';
export * from './topic-reader.js';
export * from './wait-for.js';
