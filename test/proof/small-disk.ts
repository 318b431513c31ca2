import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A file system of a few hundred megabytes over a folder, in a mount namespace of its own: only programs that are started
 * through it see it. Needs no root, but Linux with user namespaces. Its files live as long as this object does not end.
 */
export class SmallDisk {
  private constructor(
    private readonly folder: string,
    private readonly holder: { readonly pid: number; kill(): void },
  ) {}

  /** @throws Error where the machine allows no user namespaces */
  static async over(folder: string, megabytes: number): Promise<SmallDisk> {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const script = 'mount -t tmpfs -o "size=$2m,mode=0700" none "$1" && echo mounted && exec sleep 86400';
    const flags = ['--user', '--map-root-user', '--mount', 'sh', '-c', script, 'sh', folder, String(megabytes)];
    const child = spawn('unshare', flags, { stdio: ['ignore', 'pipe', 'pipe'] });
    const refusal: string[] = [];
    child.stderr.on('data', (text: Buffer) => refusal.push(text.toString()));
    const isMounted = await Promise.race([
      once(child.stdout, 'data').then(() => true),
      once(child, 'close').then(() => false),
      once(child, 'error').then(() => false),
    ]);
    if (!isMounted) throw new Error(`no file system of its own can be mounted here: ${refusal.join('').trim()}`);
    return new SmallDisk(folder, { pid: child.pid!, kill: () => void child.kill('SIGKILL') });
  }

  /** A folder like JAVA_HOME, whose Java runs where the small disk is mounted. */
  javaHome(java: string, folder: string): string {
    mkdirSync(join(folder, 'bin'), { recursive: true });
    const enter = `nsenter --preserve-credentials --user --mount --target ${this.holder.pid}`;
    const file = join(folder, 'bin', 'java');
    writeFileSync(file, `#!/bin/sh\nexec ${enter} -- "${java}" "$@"\n`);
    chmodSync(file, 0o755);
    return folder;
  }

  /** Whether a file lies on it. */
  has(name: string): boolean {
    return existsSync(this.pathOf(name));
  }

  /** Takes what is free, to the last block. */
  fill(): void {
    const file = openSync(this.pathOf('filler'), 'a', 0o600);
    try {
      for (const bytes of [1024 * 1024, 4096, 1]) while (this.takes(file, Buffer.alloc(bytes))) continue;
    } finally {
      closeSync(file);
    }
  }

  free(): void {
    rmSync(this.pathOf('filler'), { force: true });
  }

  /** Its files are gone when nobody uses it any more. */
  end(): void {
    this.holder.kill();
  }

  private takes(file: number, bytes: Buffer): boolean {
    try {
      return writeSync(file, bytes) === bytes.length;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return false;
      throw error;
    }
  }

  /** As the holder sees it. */
  private pathOf(name: string): string {
    return join(`/proc/${this.holder.pid}/root`, this.folder, name);
  }
}
