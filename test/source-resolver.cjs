/**
 * Sources import each other by the name of the built file (`./x.js`), as Node's own resolution demands. In tests the
 * built file does not exist beside the source, so a relative `.js` that is not there means the `.ts`.
 */
module.exports = (
  /** @type {string} */ request,
  /** @type {{ basedir: string, defaultResolver: (request: string, options: object) => string }} */ options,
) => {
  const isSourceImport =
    request.startsWith('.') && request.endsWith('.js') && !options.basedir.includes('node_modules');
  return options.defaultResolver(isSourceImport ? `${request.slice(0, -3)}.ts` : request, options);
};
