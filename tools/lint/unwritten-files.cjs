const { dirname, resolve } = require('node:path');

/** Import resolver for the linter's own cases: a relative import leads to its .ts file, whether that exists or not. */
module.exports = {
  interfaceVersion: 2,
  resolve: (/** @type {string} */ source, /** @type {string} */ file) =>
    source.startsWith('.')
      ? { found: true, path: resolve(dirname(file), source.replace(/\.js$/, '.ts')) }
      : { found: false },
};
