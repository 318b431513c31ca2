export * from './address-class.js';
export { decodeBody, decodeText } from './answer-body.js';
export * from './egress.errors.js';
export * from './egress-client.js';
export * from './egress-url.js';
export * from './host-list.js';
export * from './rate-budget.js';
export * from './rate-budget-bucket.js';
export * from './rate-budget-store.js';
