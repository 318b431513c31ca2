export * from './chain-gaps.js';
export * from './chain-link.js';
export * from './chain-writer.js';
export * from './delete-chained.js';
export * from './verify-chains.js';
