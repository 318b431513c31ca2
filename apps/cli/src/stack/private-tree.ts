import { join } from 'node:path';

import { closeToOthers, makePrivateFolder } from '@rollcall/engines';

/** Whatever this command, the engines or the services keep. Other files of a person's own folder are theirs. */
const ours = [
  ...['kafka', 'mongodb', 'containers', 'keys', 'logs', 'pids'],
  ...['api-key', 'settings.env', 'restarts.json', 'vendor-ledger.jsonl', 'simulators'],
];

/** Makes the folder of an installation, for its owner only; one that an earlier version left open is closed. */
export function closeTree(directory: string): void {
  makePrivateFolder(directory);
  for (const name of ours) closeToOthers(join(directory, name));
}
