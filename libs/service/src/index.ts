export * from './bootstrap.js';
export * from './infrastructure.js';
export * from './infrastructure.module.js';
export * from './service-config.js';
