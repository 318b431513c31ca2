export * from './correlation.js';
export * from './health.js';
export * from './log-value.js';
export * from './logger.js';
export * from './metrics.js';
export * from './nest-logger.js';
export * from './redactor.js';
