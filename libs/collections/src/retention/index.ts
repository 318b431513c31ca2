export * from './delete-old.js';
