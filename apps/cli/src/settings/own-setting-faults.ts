import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

/** For a value that names an address of the web. */
export function addressFault(value: string): string | null {
  const isAddress = URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
  return isAddress ? null : 'it must be an address that begins with `http://` or `https://`';
}

/** For a value that names a file to read. */
export function fileFault(value: string): string | null {
  return can(value, constants.R_OK) ? null : `there is no file ${value} that can be read`;
}

/** For the folder of a Java. */
export function javaFault(value: string): string | null {
  const java = join(value, 'bin', 'java');
  return can(java, constants.X_OK) ? null : `it must be the folder of a Java, and ${java} cannot be run`;
}

/** For a time zone. */
export function zoneFault(value: string): string | null {
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
    return null;
  } catch {
    return 'it must be the name of a time zone, like `Europe/Paris`';
  }
}

function can(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}
