import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const listName = '.files.json';

/** Writes down which files the folder has and how long each one is. */
export function listFiles(folder: string): void {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const sizes = names.flatMap((name) => {
    const entry = statSync(join(folder, name));
    return entry.isFile() ? [[name, entry.size] as const] : [];
  });
  writeFileSync(join(folder, listName), JSON.stringify(Object.fromEntries(sizes)));
}

/** Are the listed files still as long as they were? After a power cut some may be short. True where no list was written. */
export function hasListedFiles(folder: string): boolean {
  const path = join(folder, listName);
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return true;
  try {
    const sizes = JSON.parse(readFileSync(path, 'utf8')) as Record<string, number>;
    return Object.entries(sizes).every(
      ([name, size]) => statSync(join(folder, name), { throwIfNoEntry: false })?.size === size,
    );
  } catch {
    return false;
  }
}
