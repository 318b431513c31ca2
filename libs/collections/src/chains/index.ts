export * from './chain-link.js';
export * from './chain-writer.js';
export * from './verify-chains.js';
