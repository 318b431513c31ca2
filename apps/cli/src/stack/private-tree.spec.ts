import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { closeTree } from './private-tree.js';

let home = '';

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'rollcall-private-'));
});

afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

function leaveOpen(path: string, mode: number): string {
  if ((mode & 0o100) !== 0) mkdirSync(path, { recursive: true });
  else writeFileSync(path, 'x');
  chmodSync(path, mode);
  return path;
}

describe('the folder of an installation', () => {
  it('is made for its owner only', () => {
    const directory = join(home, 'outer', 'state');
    closeTree(directory);
    expect([modeOf(directory), modeOf(join(home, 'outer'))]).toEqual(['700', '700']);
  });

  it('is closed at every depth where an earlier version left it open', () => {
    const directory = leaveOpen(join(home, 'state'), 0o755);
    const folders = ['kafka', 'kafka/data', 'kafka/data/rollcall.people.v1-0', 'mongodb', 'logs', 'pids', 'keys'];
    for (const name of folders) leaveOpen(join(directory, name), 0o755);
    const files = [
      'kafka/data/rollcall.people.v1-0/0.log',
      'logs/mapping.log',
      'pids/kafka.json',
      'vendor-ledger.jsonl',
    ];
    for (const name of files) leaveOpen(join(directory, name), 0o664);
    closeTree(directory);
    expect(folders.map((name) => modeOf(join(directory, name)))).toEqual(folders.map(() => '700'));
    expect(files.map((name) => modeOf(join(directory, name)))).toEqual(files.map(() => '600'));
    expect(modeOf(directory)).toBe('700');
  });

  it('leaves alone what is not its own, and follows no link out of it', () => {
    const directory = leaveOpen(join(home, 'state'), 0o755);
    const notes = leaveOpen(join(directory, 'notes.txt'), 0o644);
    const elsewhere = leaveOpen(join(home, 'elsewhere'), 0o644);
    mkdirSync(join(directory, 'logs'));
    symlinkSync(elsewhere, join(directory, 'logs', 'link.log'));
    symlinkSync(join(home, 'nowhere'), join(directory, 'logs', 'broken.log'));
    closeTree(directory);
    expect([modeOf(notes), modeOf(elsewhere)]).toEqual(['644', '644']);
    expect(existsSync(join(directory, 'logs', 'link.log'))).toBe(true);
  });
});
