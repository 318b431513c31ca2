export * from './redact-documents.js';
export * from './redaction.js';
