export * from './amounts.js';
export * from './people-amounts.js';
