import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where an installation on this machine keeps its things. All of it lies below one folder that may be deleted. */
export interface StackPaths {
  /** The checkout. */
  root: string;
  /** Data, logs and pid files; `.rollcall`, or `ROLLCALL_DIR`. */
  directory: string;
  keys: string;
  kek: string;
  apiKey: string;
}

export function stackPaths(env: NodeJS.ProcessEnv = process.env): StackPaths {
  const root = resolve(fileURLToPath(new URL('../../../..', import.meta.url)));
  const directory = resolve(root, env.ROLLCALL_DIR || '.rollcall');
  return {
    root,
    directory,
    keys: join(directory, 'keys'),
    kek: join(directory, 'keys', 'kek'),
    apiKey: join(directory, 'api-key'),
  };
}

/** The program of a service. */
export const mainFileOf = (root: string, app: string): string => join(root, 'apps', app, 'dist', 'main.js');
