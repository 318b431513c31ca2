export * from './connector.js';
export * from './vendor-error.js';
