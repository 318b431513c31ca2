import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/**
 * A pid alone is not an identity: the system hands it out again. Pid and start mark together are.
 * `startMark` is opaque text; null when the system tells no start time, which then matches nothing.
 */
export interface ProcessIdentity {
  pid: number;
  startMark: string | null;
}

/** Identity of a running process, or null when there is none (a zombie counts as ended: it holds no resources). */
export function identifyProcess(pid: number): ProcessIdentity | null {
  return existsSync('/proc/self/stat') ? fromProcFs(pid) : fromPs(pid);
}

/** True only when exactly this process still runs. Unknown start times never match, so nothing foreign is ever ended. */
export function isSameProcess(recorded: ProcessIdentity): boolean {
  if (recorded.startMark === null) return false;
  return identifyProcess(recorded.pid)?.startMark === recorded.startMark;
}

/**
 * State and start time of one line of /proc/<pid>/stat (proc(5), fields 3 and 22). The command name in field 2 may
 * contain spaces and brackets, so counting starts behind its last bracket.
 */
export function parseStat(line: string): { state: string; startTicks: string } {
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0] ?? '', startTicks: fields[19] ?? '' };
}

function fromProcFs(pid: number): ProcessIdentity | null {
  try {
    const { state, startTicks } = parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    return state === 'Z' || state === 'X' ? null : { pid, startMark: `${bootId()}:${startTicks}` };
  } catch {
    return null;
  }
}

/** Ticks count from boot: without the boot's own id a restart of the machine could make two processes look alike. */
function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return 'unknown-boot';
  }
}

function fromPs(pid: number): ProcessIdentity | null {
  const result = spawnSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' });
  if (result.error) return isRunning(pid) ? { pid, startMark: null } : null;
  const match = /^(\S+)\s+(.+)$/.exec(result.stdout.trim());
  return match?.[2] && !match[1]?.startsWith('Z') ? { pid, startMark: match[2] } : null;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
