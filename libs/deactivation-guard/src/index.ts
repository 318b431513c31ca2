export * from './amounts.js';
export * from './another-person.js';
export * from './people-amounts.js';
