import { Databases, findIndexDifferences, findMisfits } from '@rollcall/collections';
import { findProcess, mongodbUriOf } from '@rollcall/engines';

import { portOf } from '../stack/service-process.js';
import { namespaceOf } from '../stack/stack-environment.js';
import { type StackPaths } from '../stack/stack-paths.js';

/** Whether what is stored is what this version takes it for: documents by their schemas, and indexes. No values. */
export async function describeDocuments({ directory }: StackPaths, env: NodeJS.ProcessEnv): Promise<string[]> {
  const uri = env['MONGODB_URI'] || localUri(directory);
  if (uri === null) return ['MongoDB does not run'];
  const databases = await Databases.connect({ uri, namespace: namespaceOf(env), appName: 'doctor' });
  try {
    const misfits = await findMisfits(databases);
    const differences = await findIndexDifferences(databases);
    const lines = [
      ...misfits.map(
        ({ collection, count, looked, faults }) =>
          `${collection}: ${count} of ${looked} documents do not fit; the first: ${faults.join('; ')}`,
      ),
      ...differences.map(
        ({ collection, missing, stale }) =>
          `${collection}: ${missing.length} indexes are missing, ${stale.length} are not of this version; ` +
          '`rollcall provision` or `./rollcall up` corrects that',
      ),
    ];
    return lines.length > 0
      ? lines
      : ['documents fit their schemas, as far as was looked, and indexes are as they must be'];
  } finally {
    await databases.close();
  }
}

function localUri(directory: string): string | null {
  const mongodb = findProcess(directory, 'mongodb');
  return mongodb?.alive === true ? mongodbUriOf(portOf(mongodb)) : null;
}
