import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { cachedFolder } from '../src/downloads/cache.js';
import { EngineError } from '../src/index.js';

const cacheModule = join(import.meta.dirname, '..', 'dist', 'downloads', 'cache.js');

describe('the folder of downloads', () => {
  let cache: string;
  let fills: number;

  beforeEach(() => {
    cache = mkdtempSync(join(tmpdir(), 'rollcall-cache-'));
    fills = 0;
  });

  afterEach(() => rmSync(cache, { recursive: true, force: true }));

  const fill = async (folder: string) => {
    fills += 1;
    writeFileSync(join(folder, 'program'), 'x'.repeat(1_000));
  };
  const faultOf = async (work: Promise<unknown>): Promise<EngineError> => {
    const error = await work.then(
      () => null,
      (fault: unknown) => fault,
    );
    if (error instanceof EngineError) return error;
    throw new Error(`no fault of an engine: ${String(error)}`);
  };

  it('is filled once', async () => {
    const folder = await cachedFolder(cache, 'engine', fill);
    await expect(cachedFolder(cache, 'engine', fill)).resolves.toBe(folder);
    expect(fills).toBe(1);
  });

  it('is filled again when one of its files was cut short or is gone', async () => {
    const folder = await cachedFolder(cache, 'engine', fill);
    truncateSync(join(folder, 'program'), 10);
    await cachedFolder(cache, 'engine', fill);
    rmSync(join(folder, 'program'));
    await cachedFolder(cache, 'engine', fill);
    expect(fills).toBe(3);
    expect(existsSync(join(folder, 'program'))).toBe(true);
  });

  it('is taken as it is when an earlier version made it, which listed no files', async () => {
    const folder = await cachedFolder(cache, 'engine', fill);
    rmSync(join(folder, '.files.json'));
    await cachedFolder(cache, 'engine', fill);
    expect(fills).toBe(1);
  });

  it('is made anew after a download that was killed midway, of which nothing looks finished', async () => {
    const script = `
      import { writeFileSync } from 'node:fs';
      import { cachedFolder } from ${JSON.stringify(pathToFileURL(cacheModule).href)};
      await cachedFolder(process.argv[1], 'engine', async (folder) => {
        writeFileSync(folder + '/program', 'half');
        process.stdout.write('half');
        await new Promise((resolve) => setTimeout(resolve, 60_000));
      });`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, cache]);
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'close');
    expect(readdirSync(cache)).toEqual([expect.stringMatching(/^\.engine\./)]);

    const folder = await cachedFolder(cache, 'engine', fill);
    expect(readFileSync(join(folder, 'program'), 'utf8')).toHaveLength(1_000);
    const [left] = readdirSync(cache).filter((entry) => entry.startsWith('.'));
    const long = new Date(Date.now() - 2 * 60 * 60_000);
    utimesSync(join(cache, left!), long, long);
    rmSync(folder, { recursive: true });
    await cachedFolder(cache, 'engine', fill);
    expect(readdirSync(cache)).toEqual(['engine']);
  });

  it('keeps nothing of a download for which the disk is too small, and says so', async () => {
    const full = cachedFolder(cache, 'engine', async (folder) => {
      await fill(folder);
      throw new Error('pip says: OSError: [Errno 28] No space left on device');
    });
    expect(await faultOf(full)).toMatchObject({
      code: 'CACHE_NOT_WRITABLE',
      message: expect.stringMatching(/^The disk of .+ is full/),
      cure: expect.stringContaining('ROLLCALL_CACHE'),
    });
    expect(readdirSync(cache)).toEqual([]);
  });

  it('names the setting when it cannot be written', async () => {
    const file = join(cache, 'file');
    writeFileSync(file, '');
    expect(await faultOf(cachedFolder(join(file, 'below'), 'engine', fill))).toMatchObject({
      code: 'CACHE_NOT_WRITABLE',
      message: expect.stringContaining('cannot be written (ENOTDIR)'),
      cure: expect.stringContaining('ROLLCALL_CACHE'),
    });
    expect(fills).toBe(0);
  });
});
