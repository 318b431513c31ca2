import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';

import { type Entry, openPromise } from 'yauzl';

/**
 * Unpacks the entries whose name begins with `prefix` into `folder`, without the prefix, keeping the executable bit.
 * Names that lead out of `folder` are refused.
 */
export async function unzip(archive: string, folder: string, prefix: string): Promise<void> {
  const zip = await openPromise(archive);
  for await (const entry of zip.eachEntry()) {
    if (!entry.fileName.startsWith(prefix) || entry.fileName.endsWith('/')) continue;
    const target = resolve(folder, entry.fileName.slice(prefix.length));
    if (!target.startsWith(resolve(folder) + sep))
      throw new Error(`${archive} holds an unsafe name: ${entry.fileName}`);
    mkdirSync(dirname(target), { recursive: true });
    await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(target, { mode: modeOf(entry) }));
  }
}

/** The upper 16 bits of the external attributes are the Unix mode (zip application note, 4.4.15). */
function modeOf(entry: Entry): number {
  return (entry.externalFileAttributes >>> 16) & 0o111 ? 0o755 : 0o644;
}
