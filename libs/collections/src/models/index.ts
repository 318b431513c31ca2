export { trusted } from './mongoose.js';
export { RefusedDocumentError } from './refused-document.js';
