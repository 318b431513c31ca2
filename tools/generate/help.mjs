import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Help of `./rollcall` and of its commands as texts, so that the start script shows it before anything is installed.
 * @param {string} root
 */
export async function generate(root) {
  const path = join(root, 'apps/cli/dist/program.js');
  if (!existsSync(path)) throw new Error(`${path} does not exist. Build first: npm run build.`);
  const { createProgram } = await import(pathToFileURL(path).href);
  const program = createProgram();
  const texts = [program, ...program.commands].map((command) => {
    command.configureOutput({ getOutHelpWidth: () => 80 });
    return [`apps/cli/help/${command.name()}.txt`, command.helpInformation()];
  });
  return Object.fromEntries(texts);
}

export default generate;
