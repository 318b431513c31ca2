import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * docs/openapi/openapi.json out of the operations of the built gateway: the same document that it serves.
 * @param {string} root
 */
export async function generate(root) {
  const load = (/** @type {string} */ file) => {
    const path = join(root, 'apps/gateway/dist', file);
    if (!existsSync(path)) throw new Error(`${path} does not exist. Build first: npm run build.`);
    return import(pathToFileURL(path).href);
  };
  await import('reflect-metadata');
  // Loading the module loads every controller, and with it every operation.
  await load('app.module.js');
  const { openApiDocument } = await load('openapi/openapi-document.js');
  return { 'docs/openapi/openapi.json': `${JSON.stringify(openApiDocument(), null, 2)}\n` };
}

export default generate;
