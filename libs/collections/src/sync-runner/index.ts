export * from './guard-settings.js';
export * from './held-plans.js';
export * from './integrations.js';
export * from './runs.js';
export * from './sweeps.js';
