export * from './effect-budgets.js';
export * from './intents.js';
export * from './workflow-runs.js';
export * from './workflow-versions.js';
export * from './workflows.js';
