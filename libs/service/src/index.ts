export * from './attestation.js';
export * from './attested-settings.js';
export * from './bootstrap.js';
export * from './development-switches.js';
export * from './infrastructure.js';
export * from './infrastructure.module.js';
export * from './service-config.js';
