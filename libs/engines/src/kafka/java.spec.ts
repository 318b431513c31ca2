import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from '@jest/globals';

import { findJava, javaMajor } from './java.js';

describe('javaMajor', () => {
  it.each([
    ['openjdk version "17.0.15" 2025-04-15', 17],
    ['openjdk version "21.0.8" 2025-07-15 LTS', 21],
    ['java version "1.8.0_402"', 8],
    ['openjdk version "24-ea" 2025-03-18', 24],
  ])('%s', (output, major) => {
    expect(javaMajor(output)).toBe(major);
  });

  it('is null for anything else', () => {
    expect(javaMajor('command not found')).toBeNull();
  });
});

describe('the Java of a machine', () => {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-java-'));
  afterAll(() => rmSync(directory, { recursive: true }));

  /** A program that answers like a Java of this version. */
  const javaOf = (name: string, version: string): string => {
    const bin = join(directory, name, 'bin');
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, 'java'), `#!/bin/sh\necho 'openjdk version "${version}"'\n`, { mode: 0o755 });
    return join(directory, name);
  };
  const old = javaOf('old', '1.8.0_402');
  const young = javaOf('young', '21.0.8');

  it('is that of JAVA_HOME, or else that of the path, and it says why', async () => {
    const said: string[] = [];
    const find = (home: string, path: string) =>
      findJava({
        cache: join(directory, 'cache'),
        env: { JAVA_HOME: home, PATH: join(path, 'bin') + ':/bin:/usr/bin' },
        log: (line) => said.push(line),
      });
    expect(await find(young, old)).toEqual({ command: join(young, 'bin', 'java'), major: 21 });
    expect(said).toEqual([]);
    expect(await find(old, young)).toEqual({ command: join(young, 'bin', 'java'), major: 21 });
    expect(said).toEqual([`JAVA_HOME (${old}) has no Java 17 or newer; another Java is used.`]);
  });
});
