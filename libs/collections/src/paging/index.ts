export * from './cursor.js';
export * from './filter.js';
export * from './filter-fields.js';
export * from './find-page.js';
export * from './paging.errors.js';
export * from './record.js';
export * from './search-page.js';
