import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname, resolve, sep } from 'node:path';
import { type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';

import yauzl, { type Entry, type ZipFile } from 'yauzl';

const openZip = promisify<string, { lazyEntries: boolean }, ZipFile>(yauzl.open);

/**
 * Unpacks the entries whose name begins with `prefix` into `folder`, without the prefix, keeping the executable bit.
 * Names that lead out of `folder` are refused.
 */
export async function unzip(archive: string, folder: string, prefix: string): Promise<void> {
  const zip = await openZip(archive, { lazyEntries: true });
  for await (const entry of entriesOf(zip)) {
    if (!entry.fileName.startsWith(prefix) || entry.fileName.endsWith('/')) continue;
    const target = resolve(folder, entry.fileName.slice(prefix.length));
    if (!target.startsWith(resolve(folder) + sep)) throw new Error(`${archive} holds an unsafe name: ${entry.fileName}`);
    mkdirSync(dirname(target), { recursive: true });
    await pipeline(await readEntry(zip, entry), createWriteStream(target, { mode: modeOf(entry) }));
  }
}

async function* entriesOf(zip: ZipFile): AsyncGenerator<Entry> {
  for (let left = zip.entryCount; left > 0; left -= 1) {
    yield await new Promise<Entry>((resolveEntry, reject) => {
      zip.once('error', reject);
      zip.once('entry', (entry: Entry) => {
        zip.off('error', reject);
        resolveEntry(entry);
      });
      zip.readEntry();
    });
  }
}

function readEntry(zip: ZipFile, entry: Entry): Promise<Readable> {
  return new Promise((resolveStream, reject) => {
    zip.openReadStream(entry, (error, stream) => (error ? reject(error) : resolveStream(stream)));
  });
}

/** The upper 16 bits of the external attributes are the Unix mode (zip application note, 4.4.15). */
function modeOf(entry: Entry): number {
  return (entry.externalFileAttributes >>> 16) & 0o111 ? 0o755 : 0o644;
}
