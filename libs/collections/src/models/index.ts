export { trusted, trustedFilter } from './own-operators.js';
export { RefusedDocumentError } from './refused-document.js';
